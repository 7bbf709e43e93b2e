package io.queryablestate.flink;

import io.queryablestate.network.PortRange;
import io.queryablestate.network.ServerOptions;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.MemorySize;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our settings beside Flink's own. They come from Flink's configuration file, since Flink passes only its own ones; a
 * system property of the same name goes before the file.
 *
 * @param bindHost name or address to listen on; empty for the task manager's external address
 * @param advertisedHost name or address that others reach this task manager by; empty for its external address
 * @param requestTimeout time budget of a request that names none
 * @param ownerShare share of a task's time that reading its states may take
 * @param responseLimit largest value
 * @param rocksDbReads who reads states of RocksDB
 * @param allowUncheckedKeys whether serializers of keys may read bytes that could not be checked before, as Kryo's
 * @param security whom the services serve
 */
record QueryableStateSettings(
        String bindHost,
        String advertisedHost,
        Duration requestTimeout,
        double ownerShare,
        MemorySize responseLimit,
        RocksDbReads rocksDbReads,
        boolean allowUncheckedKeys,
        SecuritySettings security) {

    static final ConfigOption<String> BIND_HOST =
            ConfigOptions.key("queryable-state.bind-host").stringType().defaultValue("");
    static final ConfigOption<String> ADVERTISED_HOST =
            ConfigOptions.key("queryable-state.advertised-host").stringType().defaultValue("");
    static final ConfigOption<Duration> REQUEST_TIMEOUT =
            ConfigOptions.key("queryable-state.request-timeout").durationType().defaultValue(Duration.ofSeconds(2));
    static final ConfigOption<Double> OWNER_SHARE =
            ConfigOptions.key("queryable-state.owner-share").doubleType().defaultValue(0.1);
    static final ConfigOption<MemorySize> RESPONSE_LIMIT =
            ConfigOptions.key("queryable-state.response-limit").memoryType().defaultValue(MemorySize.ofMebiBytes(64));
    static final ConfigOption<RocksDbReads> ROCKS_DB_READS = ConfigOptions.key("queryable-state.rocksdb-reads")
            .enumType(RocksDbReads.class)
            .defaultValue(RocksDbReads.CONCURRENT);
    static final ConfigOption<Boolean> ALLOW_UNCHECKED_KEYS = ConfigOptions.key("queryable-state.allow-unchecked-keys")
            .booleanType()
            .defaultValue(false);

    private static final Logger LOG = LoggerFactory.getLogger(QueryableStateSettings.class);
    private static final List<ConfigOption<?>> OPTIONS = List.of(
            BIND_HOST,
            ADVERTISED_HOST,
            REQUEST_TIMEOUT,
            OWNER_SHARE,
            RESPONSE_LIMIT,
            ROCKS_DB_READS,
            ALLOW_UNCHECKED_KEYS);
    private static final double MIN_OWNER_SHARE = 0.001;
    private static final Duration MAX_REQUEST_TIMEOUT = Duration.ofMinutes(5);
    private static final long MAX_RESPONSE_LIMIT = 1L << 30;

    /**
     * Checks the numbers, so that what is wrong is named as it is in the configuration.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    QueryableStateSettings {
        if (!(ownerShare >= MIN_OWNER_SHARE && ownerShare <= 1)) {
            throw new IllegalArgumentException(
                    OWNER_SHARE.key() + " must be " + MIN_OWNER_SHARE + " to 1.0, got " + ownerShare);
        }
        if (requestTimeout.toMillis() < 1 || requestTimeout.compareTo(MAX_REQUEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    REQUEST_TIMEOUT.key() + " must be 1 ms to 5 min, got " + requestTimeout.toMillis() + " ms");
        }
        if (responseLimit.getBytes() < 1 || responseLimit.getBytes() > MAX_RESPONSE_LIMIT) {
            throw new IllegalArgumentException(
                    RESPONSE_LIMIT.key() + " must be 1 byte to 1 GiB, got " + responseLimit.getBytes() + " bytes");
        }
    }

    /**
     * The settings of this process.
     *
     * @throws IllegalArgumentException if one of them cannot be read or is out of its range
     */
    static QueryableStateSettings load() {
        Configuration configuration = GlobalConfiguration.loadConfiguration();
        for (ConfigOption<?> option : Stream.concat(OPTIONS.stream(), SecuritySettings.OPTIONS.stream())
                .toList()) {
            String property = System.getProperty(option.key());
            if (property != null) {
                configuration.setString(option.key(), property);
            }
        }
        return of(configuration);
    }

    static QueryableStateSettings of(Configuration configuration) {
        return new QueryableStateSettings(
                configuration.get(BIND_HOST),
                configuration.get(ADVERTISED_HOST),
                configuration.get(REQUEST_TIMEOUT),
                configuration.get(OWNER_SHARE),
                configuration.get(RESPONSE_LIMIT),
                configuration.get(ROCKS_DB_READS),
                configuration.get(ALLOW_UNCHECKED_KEYS),
                SecuritySettings.of(configuration));
    }

    /** How a service with these settings listens. */
    ServerOptions serverOptions(ServiceArguments arguments) {
        return ServerOptions.builder()
                .bindHost(hostToBind(arguments))
                .advertisedHost(advertisedHost.isBlank() ? addressOf(arguments) : advertisedHost)
                .ports(portRange(arguments.ports()))
                .eventLoopThreads(arguments.eventLoopThreads())
                .requestTimeout(requestTimeout)
                .security(security.server())
                .build();
    }

    private String hostToBind(ServiceArguments arguments) {
        return bindHost.isBlank() ? addressOf(arguments) : bindHost;
    }

    private static String addressOf(ServiceArguments arguments) {
        // A cluster within one process, as tests start it, has no address.
        return arguments.address().isBlank() ? "localhost" : arguments.address();
    }

    /** Warns once, for both services, if everyone who reaches the task manager is served. */
    void warnIfOpen(ServiceArguments arguments) {
        String host = hostToBind(arguments);
        if (!security.server().authenticates() && !SocketAddresses.isLoopback(host)) {
            LOG.warn(
                    "Everyone who reaches {} can read every queryable state: set {} or {} to know who asks",
                    host,
                    SecuritySettings.TOKENS_FILE.key(),
                    SecuritySettings.SSL_ENABLED.key());
        }
    }

    /** The ports as text again, since that is how a range without gaps is kept short. */
    static PortRange portRange(Iterator<Integer> ports) {
        StringBuilder text = new StringBuilder();
        int first = -1;
        int last = -1;
        while (ports.hasNext()) {
            int port = ports.next();
            if (first >= 0 && port == last + 1) {
                last = port;
            } else {
                append(text, first, last);
                first = port;
                last = port;
            }
        }
        return PortRange.parse(append(text, first, last).toString());
    }

    private static StringBuilder append(StringBuilder text, int first, int last) {
        if (first < 0) {
            return text;
        }
        return text.append(text.isEmpty() ? "" : ",").append(first).append('-').append(last);
    }
}
