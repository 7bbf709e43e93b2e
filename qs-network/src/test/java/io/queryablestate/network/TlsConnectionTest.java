package io.queryablestate.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.Unpooled;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.Hello;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.network.TestCall.Outcome;
import io.queryablestate.testsupport.TestAuthority;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections with TLS, between the real server and the real client. */
@Timeout(30)
class TlsConnectionTest {

    private static Path files;
    private static TestAuthority authority;
    private static TestAuthority otherAuthority;
    private static TestAuthority.Issued serverFiles;
    private static TestAuthority.Issued clientFiles;

    private final CountingStats stats = new CountingStats();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeAll
    static void makeCertificates(@TempDir Path directory) throws Exception {
        files = directory;
        authority = new TestAuthority(files, "authority");
        otherAuthority = new TestAuthority(files, "other-authority");
        serverFiles = authority.issue("server");
        clientFiles = authority.issue("client");
    }

    @AfterEach
    void closeEverything() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
        assertThat(stats.openConnections()).isZero();
    }

    @Test
    void shouldAnswer_whenBothSpeakTls() throws Exception {
        TestServer server = server(serving(false));
        TestClient client = client(trusting().build());

        List<TestCall> calls = client.sendAll(server.address(), Script.ECHO, 100);
        calls.addAll(client.sendAll(server.address(), Script.ECHO_LATER, 100));

        for (int i = 0; i < calls.size(); i++) {
            assertThat(calls.get(i).await().value()).containsExactly(i % 100);
        }
        assertThat(onLoop(server, AbstractServerHandler::peer)).isEqualTo(Identity.ANONYMOUS);
    }

    @Test
    void shouldCarryLargeValues_whenBothSpeakTls() throws Exception {
        TestServer server = server(serving(false));
        TestClient client = client(trusting().build());

        for (int i = 0; i < 20; i++) {
            List<TestCall> calls = client.sendAll(server.address(), Script.ECHO_LARGE, 5);
            for (TestCall call : calls) {
                assertThat(call.await().value()).hasSize(100_000);
            }
        }
    }

    @Test
    void shouldKnowThePeerByItsCertificate_whenTheServerAsksForIt() throws Exception {
        TestServer server = server(serving(true));
        TestClient client = client(trusting()
                .certificate(clientFiles.chain(), clientFiles.key(), null)
                .build());

        assertThat(send(client, server).value()).containsExactly(1);
        assertThat(onLoop(server, AbstractServerHandler::peer)).isEqualTo(new Identity("CN=client"));
    }

    @Test
    void shouldAnswer_whenKeysComeFromJavaKeyStores() throws Exception {
        char[] password = "changeit".toCharArray();
        Path keys = serverFiles.bundle().toTempKeyStoreFile(password, password).toPath();
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", serverFiles.bundle().getRootCertificate());
        Path trust = files.resolve("trust.p12");
        try (OutputStream out = Files.newOutputStream(trust)) {
            trusted.store(out, password);
        }
        TlsOptions options = TlsOptions.builder()
                .keyStore(keys, "changeit", "changeit")
                .trustStore(trust, "changeit")
                .clientCertificates(true)
                .build();
        TestServer server = server(options);

        assertThat(send(client(options), server).value()).containsExactly(1);
        assertThat(onLoop(server, AbstractServerHandler::peer)).isEqualTo(new Identity("CN=server"));
    }

    @Test
    void shouldSayWhatIsWrong_whenTheFilesCannotBeUsed() {
        assertThatIllegalArgumentException()
                .isThrownBy(TlsOptions.builder().trustedCertificates(files.resolve("nowhere.pem"))::build)
                .withMessageContaining("nowhere.pem");
        assertThatIllegalArgumentException()
                .isThrownBy(trusting().clientCertificates(true)::build)
                .withMessageContaining("needs a key");
        assertThatIllegalArgumentException()
                .isThrownBy(ServerSecurity.builder().tls(trusting().build())::build)
                .withMessageContaining("needs a certificate");
    }

    @Test
    void shouldFailTyped_whenTheClientHasNoCertificate() throws Exception {
        TestServer server = server(serving(true));

        Failure failure = send(client(trusting().build()), server).failure();

        assertThat(failure.code()).isEqualTo(ErrorCode.TLS_FAILED);
        assertThat(failure.text()).contains("the peer refused");
    }

    @Test
    void shouldFailTyped_whenTheServersAuthorityIsNotTrusted() throws Exception {
        TestServer server = server(serving(false));
        TlsOptions trustingOther = TlsOptions.builder()
                .trustedCertificates(otherAuthority.certificate())
                .build();

        Failure failure = send(client(trustingOther), server).failure();

        assertThat(failure.code()).isEqualTo(ErrorCode.TLS_FAILED);
        assertThat(failure.text()).contains("not from a trusted authority");
    }

    @Test
    void shouldFailTyped_whenTheServersCertificateHasExpired() throws Exception {
        TestServer server = server(with(authority.issueExpired("expired"), false));

        Failure failure = send(client(trusting().build()), server).failure();

        assertThat(failure.code()).isEqualTo(ErrorCode.TLS_FAILED);
        assertThat(failure.text()).contains("has expired");
    }

    @Test
    void shouldFailTyped_whenTheServersCertificateIsForAnotherHost() throws Exception {
        TestServer server = server(with(authority.issueForHost("elsewhere", "elsewhere.example"), false));

        Failure failure = send(client(trusting().build()), server).failure();
        TestClient careless = client(trusting().hostnameVerification(false).build());

        assertThat(failure.code()).isEqualTo(ErrorCode.TLS_FAILED);
        assertThat(failure.text()).contains("127.0.0.1");
        assertThat(send(careless, server).value()).containsExactly(1);
    }

    @Test
    void shouldFailTyped_whenTheServerSpeaksNoTls() throws Exception {
        TestServer server = server(null);

        Failure failure = send(client(trusting().build()), server).failure();

        assertThat(failure.code()).isEqualTo(ErrorCode.TLS_FAILED);
        assertThat(failure.text()).contains("does not speak TLS");
    }

    @Test
    void shouldFailTyped_whenTheClientSpeaksNoTls() throws Exception {
        TestServer server = server(serving(false));

        Failure failure = send(client(null), server).failure();

        assertThat(failure.code()).isEqualTo(ErrorCode.TLS_FAILED);
        assertThat(failure.text()).contains("TLS only");
    }

    @Test
    void shouldSayGoodbyeInTls_whenStopping() throws Exception {
        TestServer server = server(serving(false));
        try (BlockingPeer peer = tlsPeer(server.address())) {
            peer.write(WireFrames.hello());
            assertThat(WireFrames.type(peer.read())).isEqualTo(MessageType.WELCOME);
            CompletableFuture<Void> stopped = server.stop();
            assertThat(WireFrames.type(peer.read())).isEqualTo(MessageType.GOING_AWAY);

            // A stream that ends without close_notify is an error to the JDK's socket.
            assertThat(peer.isAtEnd()).isTrue();
            stopped.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void shouldSayWhyAndGoodbye_whenThePeerBreaksTheProtocolInsideTls() throws Exception {
        TestServer server = server(serving(false));
        try (BlockingPeer peer = tlsPeer(server.address())) {
            peer.write(WireFrames.hello(new Hello(7, 9, "", "")));

            assertThat(WireFrames.failure(peer.read()).code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
            assertThat(peer.isAtEnd()).isTrue();
        }
    }

    @Test
    void shouldTakeShortFramesOnly_untilTheHelloHasCome() throws Exception {
        TestServer server = server(serving(false));
        try (BlockingPeer peer = tlsPeer(server.address())) {
            peer.write(Unpooled.buffer().writeInt(4 * 1024 + 1));

            assertThat(WireFrames.failure(peer.read()).code()).isEqualTo(ErrorCode.FRAME_TOO_LARGE);
        }
    }

    private TestServer server(@Nullable TlsOptions tls) throws Exception {
        ServerSecurity security = ServerSecurity.builder().tls(tls).build();
        TestServer server = new TestServer(
                "Secure Server", ServerOptions.builder().security(security).build(), stats);
        server.start();
        opened.add(server);
        return server;
    }

    private TestClient client(@Nullable TlsOptions tls) {
        TestClient client = new TestClient(options -> options.tls(tls));
        opened.add(client);
        return client;
    }

    private static Outcome send(TestClient client, TestServer server) throws Exception {
        return client.send(server.address(), new TestCall(Script.ECHO, (byte) 1))
                .await();
    }

    private static TlsOptions serving(boolean clientCertificates) {
        return with(serverFiles, clientCertificates);
    }

    private static TlsOptions with(TestAuthority.Issued issued, boolean clientCertificates) {
        return trusting()
                .certificate(issued.chain(), issued.key(), null)
                .clientCertificates(clientCertificates)
                .build();
    }

    private static TlsOptions.Builder trusting() {
        return TlsOptions.builder().trustedCertificates(authority.certificate());
    }

    private static BlockingPeer tlsPeer(ServerAddress address) throws Exception {
        return BlockingPeer.connectTls(address, clientFiles.bundle());
    }

    private static <T> T onLoop(TestServer server, Function<AbstractServerHandler, T> question) throws Exception {
        ScriptedHandler handler = server.handlers.get(0);
        return handler.context().loop().submit(() -> question.apply(handler)).get(10, TimeUnit.SECONDS);
    }
}
