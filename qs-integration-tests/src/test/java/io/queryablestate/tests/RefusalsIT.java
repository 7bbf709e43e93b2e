package io.queryablestate.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.queryablestate.client.QueryableState;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.client.QueryableStateClientBuilder;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.embedded.EmbeddedCluster;
import io.queryablestate.embedded.EmbeddedJob;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.network.AccessPolicy;
import io.queryablestate.network.AccessRules;
import io.queryablestate.network.ServerSecurity;
import io.queryablestate.network.TlsOptions;
import io.queryablestate.network.Tokens;
import io.queryablestate.testsupport.TestAuthority;
import io.queryablestate.testsupport.TestAuthority.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who is turned away: each gets one typed error, and costs the servers one line in their log. */
@Timeout(120)
class RefusalsIT {

    private static final Tokens TOKENS = Tokens.of(Map.of("proxy", "between-us", "alice", "of-alice"));
    private static final String PROXY_TOKEN = "between-us";

    private static Path files;
    private static TestAuthority authority;
    private static TestAuthority otherAuthority;
    private static Issued server;

    @BeforeAll
    static void makeCertificates(@TempDir Path directory) throws Exception {
        files = directory;
        authority = new TestAuthority(directory, "authority");
        otherAuthority = new TestAuthority(directory, "other-authority");
        server = authority.issue("server");
    }

    @Test
    void shouldKnowThePeerByItsToken_whenItHasACertificateToo() throws Exception {
        Issued alice = authority.issue("alice");
        ServerSecurity security = ServerSecurity.builder()
                .tls(serving(server, true))
                .tokens(TOKENS)
                .access(rules("* counts alice\n* * proxy"))
                .build();
        try (LogLines log = new LogLines();
                Shop shop = new Shop(security)) {
            QueryableStateException forbidden = failureOf(
                    shop,
                    client -> client.token("of-alice")
                            .tls(trusting(authority)
                                    .certificate(alice.chain(), alice.key(), null)
                                    .build()),
                    "secret");

            assertThat(forbidden.code()).isEqualTo(ErrorCode.LOCATION_UNKNOWN);
            assertThat(log.all()).singleElement().asString().contains("alice may not read state \"secret\"");
        }
    }

    @Test
    void shouldRefusePlaintext_atATlsPort() throws Exception {
        assertRefused(tls(server, false), client -> {}, ErrorCode.TLS_FAILED, "TLS only", "no TLS");
    }

    @Test
    void shouldRefuseTls_atAPlaintextPort() throws Exception {
        assertRefused(
                ServerSecurity.none(),
                client -> client.tls(trusting(authority).build()),
                ErrorCode.TLS_FAILED,
                "does not speak TLS",
                "exceeds the limit");
    }

    @Test
    void shouldFail_whenTheClientDoesNotTrustTheAuthority() throws Exception {
        assertRefused(
                tls(server, false),
                client -> client.tls(trusting(otherAuthority).build()),
                ErrorCode.TLS_FAILED,
                "not from a trusted authority",
                "certificate unknown");
    }

    @Test
    void shouldFail_whenTheServersCertificateHasExpired() throws Exception {
        assertRefused(
                tls(authority.issueExpired("expired"), false),
                client -> client.tls(trusting(authority).build()),
                ErrorCode.TLS_FAILED,
                "has expired",
                "certificate unknown");
    }

    @Test
    void shouldFail_whenTheServersCertificateIsForAnotherHost() throws Exception {
        assertRefused(
                tls(authority.issueForHost("elsewhere", "elsewhere.example"), false),
                client -> client.tls(trusting(authority).build()),
                ErrorCode.TLS_FAILED,
                "127.0.0.1",
                "certificate unknown");
    }

    @Test
    void shouldRefuse_whenTheClientHasNoCertificate() throws Exception {
        assertRefused(
                tls(server, true),
                client -> client.tls(trusting(authority).build()),
                ErrorCode.TLS_FAILED,
                "the peer refused",
                "no certificate");
    }

    @Test
    void shouldRefuse_whenTheTokenIsNotKnown() throws Exception {
        assertRefused(
                ServerSecurity.builder().tokens(TOKENS).build(),
                client -> client.token("guess"),
                ErrorCode.FORBIDDEN,
                "not known",
                "the token is not known");
    }

    @Test
    void shouldAnswerAsMissing_whenTheTokenDoesNotPermitTheState() throws Exception {
        ServerSecurity security = ServerSecurity.builder()
                .tokens(TOKENS)
                .access(rules("* * proxy"))
                .build();
        assertRefused(
                security,
                client -> client.token("of-alice"),
                ErrorCode.LOCATION_UNKNOWN,
                "no state \"counts\"",
                "alice may not read state \"counts\"");
    }

    @Test
    void shouldAnswerAsMissing_whenManyKeysOfAForbiddenStateAreAskedFor() throws Exception {
        ServerSecurity security = ServerSecurity.builder()
                .tokens(TOKENS)
                .access(rules("* * proxy\n* nought alice"))
                .build();
        try (Shop shop = new Shop(security);
                QueryableStateClient client = shop.client(options -> options.token("of-alice"))) {
            List<String> keys = List.of("a", "b");
            Map<String, QueryableStateException> forbidden =
                    shop.counts(client, "counts").getAll(keys).join().failed();
            Map<String, QueryableStateException> missing =
                    shop.counts(client, "nought").getAll(keys).join().failed();

            assertThat(forbidden.keySet()).isEqualTo(missing.keySet()).containsExactlyInAnyOrder("a", "b");
            assertThat(forbidden.get("a").getMessage().replace("counts", "nought"))
                    .isEqualTo(missing.get("a").getMessage());
        }
    }

    @Test
    void shouldReadThroughTls_whenNothingIsWrong() throws Exception {
        try (LogLines log = new LogLines();
                Shop shop = new Shop(tls(server, false));
                QueryableStateClient client =
                        shop.client(options -> options.tls(trusting(authority).build()))) {
            assertThat(shop.counts(client, "counts").get("a").join()).contains(1L);
            assertThat(log.all()).isEmpty();
        }
    }

    private static void assertRefused(
            ServerSecurity security,
            Consumer<QueryableStateClientBuilder> options,
            ErrorCode code,
            String text,
            String logged)
            throws Exception {
        try (LogLines log = new LogLines();
                Shop shop = new Shop(security)) {
            QueryableStateException failure = failureOf(shop, options, "counts");

            assertThat(failure.code()).isEqualTo(code);
            assertThat(failure.text()).contains(text);
            await().atMost(Duration.ofSeconds(30)).until(() -> !log.all().isEmpty());
            assertThat(log.all()).singleElement().asString().contains("refused", logged);
        }
    }

    private static QueryableStateException failureOf(
            Shop shop, Consumer<QueryableStateClientBuilder> options, String state) {
        try (QueryableStateClient client = shop.client(options)) {
            Optional<Long> value = shop.counts(client, state).get("a").join();
            throw new AssertionError("got " + value);
        } catch (CompletionException e) {
            return (QueryableStateException) e.getCause();
        }
    }

    private static ServerSecurity tls(Issued certificate, boolean clientCertificates) {
        return ServerSecurity.builder()
                .tls(serving(certificate, clientCertificates))
                .build();
    }

    private static TlsOptions serving(Issued certificate, boolean clientCertificates) {
        return trusting(authority)
                .certificate(certificate.chain(), certificate.key(), null)
                .clientCertificates(clientCertificates)
                .build();
    }

    private static TlsOptions.Builder trusting(TestAuthority trusted) {
        return TlsOptions.builder().trustedCertificates(trusted.certificate());
    }

    private static AccessPolicy rules(String lines) throws IOException {
        return AccessRules.read(Files.writeString(Files.createTempFile(files, "permissions", ""), lines));
    }

    /** A cluster with one job, whose state {@code counts} has the value 1 for the key {@code a}. */
    private static final class Shop implements AutoCloseable {

        private static final Duration PATIENCE = Duration.ofSeconds(30);

        private final EmbeddedCluster cluster;
        private final EmbeddedJob job;

        Shop(ServerSecurity security) throws IOException {
            cluster = EmbeddedCluster.builder()
                    .taskManagers(1)
                    .security(security, PROXY_TOKEN)
                    .start();
            job = cluster.startJob("shop", 1, 16);
            job.addState("counts", Serializers.STRING, StateDescriptor.value(Serializers.LONG))
                    .put("a", 1L);
        }

        QueryableStateClient client(Consumer<QueryableStateClientBuilder> options) {
            QueryableStateClientBuilder builder = QueryableStateClient.builder()
                    .requestTimeout(PATIENCE)
                    .connectTimeout(PATIENCE)
                    .maxAttempts(1);
            cluster.proxyAddresses().forEach(builder::proxy);
            options.accept(builder);
            return builder.build();
        }

        QueryableState<String, Long> counts(QueryableStateClient client, String state) {
            return client.state(job.jobId(), state, Serializers.STRING, StateDescriptor.value(Serializers.LONG));
        }

        @Override
        public void close() {
            cluster.close();
        }
    }
}
