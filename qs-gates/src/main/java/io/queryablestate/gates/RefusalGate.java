package io.queryablestate.gates;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.queryablestate.client.QueryableState;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.client.QueryableStateClientBuilder;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.embedded.EmbeddedCluster;
import io.queryablestate.embedded.EmbeddedJob;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.network.AccessRules;
import io.queryablestate.network.CountingStats;
import io.queryablestate.network.ServerOptions;
import io.queryablestate.network.ServerSecurity;
import io.queryablestate.network.TlsOptions;
import io.queryablestate.network.Tokens;
import io.queryablestate.server.KvStateRegistry;
import io.queryablestate.server.KvStateRegistryOptions;
import io.queryablestate.server.KvStateServer;
import io.queryablestate.testsupport.TestAuthority;
import io.queryablestate.testsupport.TestAuthority.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * S5: who is turned away, by TLS, token or permission, gets one typed error and costs the servers one line in their log;
 * a state that one may not read looks as if it were not there; no server serves everyone beyond this machine by accident.
 */
final class RefusalGate implements Gate {

    private static final int QUICK = 5;
    private static final int FULL = 100;
    private static final String PROXY_TOKEN = "between-us";
    private static final Tokens TOKENS = Tokens.of(Map.of("proxy", PROXY_TOKEN, "alice", "of-alice"));
    private static final String STATE = "counts";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int REFUSALS = 8;

    /**
     * Somebody who is turned away.
     *
     * @param server how the servers are secured
     * @param client how the client shows itself
     * @param logged what the line in the log says
     */
    private record Refusal(
            String name,
            ServerSecurity server,
            Consumer<QueryableStateClientBuilder> client,
            ErrorCode code,
            String logged) {}

    @Override
    public void run(GateRun run) throws Exception {
        Path files = Files.createTempDirectory("gate-s5");
        int times = run.times(QUICK, FULL);
        List<Refusal> refusals = refusals(files);
        run.require(refusals.size() == REFUSALS, refusals.size() + " refusals, " + REFUSALS + " are wanted");
        for (Refusal refusal : refusals) {
            for (int i = 0; i < times; i++) {
                tryOne(run, refusal);
            }
            run.fault(refusal.name(), times);
        }
        forbiddenLooksMissing(run, files);
        run.require(!starts("0.0.0.0", false), "a server that asks nobody who they are listens beyond this machine");
        run.require(starts("0.0.0.0", true), "a server cannot be told to serve everyone");
        run.require(run.ledger().ok() == 0, run.ledger().ok() + " of those who are to be turned away were served");
    }

    private static List<Refusal> refusals(Path files) throws Exception {
        TestAuthority authority = new TestAuthority(files, "authority");
        TestAuthority other = new TestAuthority(files, "other-authority");
        Issued sound = authority.issue("server");
        TlsOptions trusting = trusting(authority).build();
        return List.of(
                new Refusal(
                        "plaintext to a TLS port",
                        tls(authority, sound, false),
                        client -> {},
                        ErrorCode.TLS_FAILED,
                        "no TLS"),
                new Refusal(
                        "TLS to a plaintext port",
                        ServerSecurity.none(),
                        client -> client.tls(trusting),
                        ErrorCode.TLS_FAILED,
                        "exceeds the limit"),
                new Refusal(
                        "authority that is not trusted",
                        tls(authority, sound, false),
                        client -> client.tls(trusting(other).build()),
                        ErrorCode.TLS_FAILED,
                        "certificate unknown"),
                new Refusal(
                        "expired certificate",
                        tls(authority, authority.issueExpired("expired"), false),
                        client -> client.tls(trusting),
                        ErrorCode.TLS_FAILED,
                        "certificate unknown"),
                new Refusal(
                        "certificate of another host",
                        tls(authority, authority.issueForHost("elsewhere", "elsewhere.example"), false),
                        client -> client.tls(trusting),
                        ErrorCode.TLS_FAILED,
                        "certificate unknown"),
                new Refusal(
                        "no client certificate",
                        tls(authority, sound, true),
                        client -> client.tls(trusting),
                        ErrorCode.TLS_FAILED,
                        "no certificate"),
                new Refusal(
                        "token that is not known",
                        ServerSecurity.builder().tokens(TOKENS).build(),
                        client -> client.token("guess"),
                        ErrorCode.FORBIDDEN,
                        "the token is not known"),
                new Refusal(
                        "token without permission",
                        permitting(files, "* * proxy"),
                        client -> client.token("of-alice"),
                        ErrorCode.LOCATION_UNKNOWN,
                        "alice may not read state"));
    }

    private static void tryOne(GateRun run, Refusal refusal) throws IOException {
        try (Log log = new Log();
                Shop shop = new Shop(refusal.server())) {
            QueryableStateException failure = shop.failure(run, refusal.client(), STATE);
            run.require(
                    failure != null && failure.code() == refusal.code(),
                    refusal.name() + " ended with " + failure + " instead of " + refusal.code());
            List<String> lines = log.settled();
            run.require(
                    lines.size() == 1
                            && lines.get(0).contains("refused")
                            && lines.get(0).contains(refusal.logged()),
                    refusal.name() + " was logged as " + lines);
        }
    }

    /** The same text, but for the name, for a state that is there and forbidden and one that is permitted and missing. */
    private static void forbiddenLooksMissing(GateRun run, Path files) throws IOException {
        try (Shop shop = new Shop(permitting(files, "* * proxy\n* nought alice"))) {
            QueryableStateException forbidden = shop.failure(run, client -> client.token("of-alice"), STATE);
            QueryableStateException missing = shop.failure(run, client -> client.token("of-alice"), "nought");
            run.require(
                    forbidden != null
                            && missing != null
                            && forbidden.code() == missing.code()
                            && forbidden.text().replace(STATE, "nought").equals(missing.text()),
                    "a forbidden state is told from a missing one: " + forbidden + ", " + missing);
        }
    }

    private static boolean starts(String host, boolean exposed) throws IOException {
        ServerSecurity security =
                ServerSecurity.builder().allowInsecureExposure(exposed).build();
        try (KvStateRegistry registry =
                        new KvStateRegistry(KvStateRegistryOptions.builder().build());
                KvStateServer server = new KvStateServer(
                        ServerOptions.builder()
                                .bindHost(host)
                                .advertisedHost("127.0.0.1")
                                .eventLoopThreads(1)
                                .security(security)
                                .build(),
                        registry,
                        new CountingStats())) {
            server.start();
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private static ServerSecurity tls(TestAuthority authority, Issued certificate, boolean clientCertificates) {
        return ServerSecurity.builder()
                .tls(trusting(authority)
                        .certificate(certificate.chain(), certificate.key(), null)
                        .clientCertificates(clientCertificates)
                        .build())
                .build();
    }

    private static TlsOptions.Builder trusting(TestAuthority trusted) {
        return TlsOptions.builder().trustedCertificates(trusted.certificate());
    }

    private static ServerSecurity permitting(Path files, String lines) throws IOException {
        Path rules = Files.writeString(Files.createTempFile(files, "permissions", ""), lines);
        return ServerSecurity.builder()
                .tokens(TOKENS)
                .access(AccessRules.read(rules))
                .build();
    }

    /** A cluster with one job and one state. */
    private static final class Shop implements AutoCloseable {

        private final EmbeddedCluster cluster;
        private final EmbeddedJob job;

        Shop(ServerSecurity security) throws IOException {
            cluster = EmbeddedCluster.builder()
                    .taskManagers(1)
                    .security(security, PROXY_TOKEN)
                    .start();
            job = cluster.startJob("shop", 1, 16);
            job.addState(STATE, Serializers.STRING, StateDescriptor.value(Serializers.BYTES))
                    .put("a", new byte[1]);
        }

        /** Why a client cannot read; null if it can. */
        @Nullable
        QueryableStateException failure(GateRun run, Consumer<QueryableStateClientBuilder> shown, String name) {
            QueryableStateClientBuilder builder = run.client(
                            cluster.proxyAddresses().get(0))
                    .requestTimeout(PATIENCE)
                    .connectTimeout(PATIENCE)
                    .maxAttempts(1);
            shown.accept(builder);
            try (QueryableStateClient client = builder.build()) {
                QueryableState<String, byte[]> state =
                        client.state(job.jobId(), name, Serializers.STRING, StateDescriptor.value(Serializers.BYTES));
                CompletableFuture<Optional<byte[]>> asked = state.get("a");
                run.ledger().follow(PATIENCE, asked, System.nanoTime(), (answer, start, end) -> null);
                asked.join();
                return null;
            } catch (CompletionException e) {
                return e.getCause() instanceof QueryableStateException coded ? coded : null;
            }
        }

        @Override
        public void close() {
            cluster.close();
        }
    }

    /** What is logged from level WARN on. */
    private static final class Log implements AutoCloseable {

        private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
        private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

        private final Logger logger = (Logger) LoggerFactory.getLogger("io.queryablestate");
        private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

        Log() {
            lines.start();
            logger.addAppender(lines);
        }

        /** The lines, once there is one and no other has followed. */
        List<String> settled() {
            long end = System.nanoTime() + PATIENCE_NANOS;
            while (warnings().isEmpty() && System.nanoTime() < end) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
            LockSupport.parkNanos(SETTLE_NANOS);
            return warnings();
        }

        private List<String> warnings() {
            return List.copyOf(lines.list).stream()
                    .filter(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                    .map(ILoggingEvent::getFormattedMessage)
                    .toList();
        }

        @Override
        public void close() {
            logger.detachAppender(lines);
        }
    }
}
