package io.queryablestate.cli;

import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.client.QueryableStateClientBuilder;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.network.RequestStats;
import io.queryablestate.network.TlsOptions;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Whom to ask, and for how long. */
final class ProxyOptions {

    @Option(
            names = "--proxy",
            required = true,
            split = ",",
            paramLabel = "HOST:PORT",
            converter = AddressConverter.class,
            description = "Proxies to ask. Several stand in for each other; list asks every one.")
    private List<ServerAddress> proxies = List.of();

    @Option(
            names = "--timeout",
            defaultValue = "2000",
            paramLabel = "MS",
            description = "How long a request may take, its retries included, in milliseconds (default: 2000).")
    private int timeoutMillis;

    @Mixin
    private final TlsFiles tls = new TlsFiles();

    @Mixin
    private final TokenFile token = new TokenFile();

    ProxyOptions() {}

    /** A client of these proxies, to be closed by the caller. */
    QueryableStateClient connect(RequestStats stats) {
        return builder(stats).build();
    }

    /** The same, for one that can look up the job. */
    QueryableStateClient connect(RequestStats stats, StateOptions wanted) {
        QueryableStateClientBuilder builder = builder(stats);
        wanted.addJobManager(builder);
        return builder.build();
    }

    private QueryableStateClientBuilder builder(RequestStats stats) {
        if (timeoutMillis < 1) {
            throw new UsageException("--timeout is at least 1 ms, got " + timeoutMillis);
        }
        QueryableStateClientBuilder builder = QueryableStateClient.builder()
                .requestTimeout(timeout())
                .connectTimeout(timeout())
                .token(token.read())
                .stats(stats);
        TlsOptions options = tls.client();
        if (options != null) {
            builder.tls(options);
        }
        proxies.forEach(builder::proxy);
        return builder;
    }

    Duration timeout() {
        return Duration.ofMillis(timeoutMillis);
    }

    static final class AddressConverter implements ITypeConverter<ServerAddress> {
        @Override
        public ServerAddress convert(String text) {
            try {
                return ServerAddress.parse(text.strip());
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
