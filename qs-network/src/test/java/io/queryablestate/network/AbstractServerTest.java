package io.queryablestate.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.netty.buffer.ByteBuf;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.ServerAddress;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AbstractServerTest {

    private final CountingStats stats = new CountingStats();
    private final List<TestServer> servers = new ArrayList<>();

    @AfterEach
    void stopServers() {
        servers.forEach(AbstractServerBase::close);
        assertThat(stats.openConnections()).isZero();
    }

    @Test
    void shouldFailWithAClearMessage_whenTheOnlyPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            TestServer server = server("Lonely Server", String.valueOf(taken.getLocalPort()));

            assertThatExceptionOfType(BindException.class)
                    .isThrownBy(server::start)
                    .withMessageContaining("Lonely Server")
                    .withMessageContaining(String.valueOf(taken.getLocalPort()));
            assertThat(server.hasStopped()).isTrue();
            joinThreads("lonely-server");
        }
    }

    @Test
    void shouldTakeTheNextPortOfTheRange_whenTheFirstIsTaken() throws Exception {
        TestServer first = server("First", "0");
        first.start();
        int port = first.address().port();
        TestServer second = server("Second", port + ",0");
        second.start();

        assertThat(second.address().port()).isNotEqualTo(port);
        for (TestServer server : List.of(first, second)) {
            try (BlockingPeer peer = greeted(server.address())) {
                peer.write(WireFrames.request(1, Script.ECHO));
                assertThat(WireFrames.value(peer.read())).containsExactly(7);
            }
        }
        first.close();
        second.close();
        assertThat(stats.connections()).isEqualTo(2);
        assertThat(stats.requests()).isEqualTo(2);
        assertThat(stats.successes()).isEqualTo(2);
        assertThat(stats.openConnections()).isZero();
    }

    @Test
    void shouldRefuse_whenStartedTwice() throws Exception {
        TestServer server = server("Twice", "0");
        server.start();

        assertThatIllegalStateException().isThrownBy(server::start).withMessageContaining("Twice");
    }

    @Test
    void shouldRefuse_whenStartedAfterItWasStopped() {
        TestServer server = server("Late", "0");
        server.close();

        assertThatIllegalStateException().isThrownBy(server::start);
    }

    @Test
    void shouldHaveNoAddress_whenNotStarted() {
        assertThatIllegalStateException().isThrownBy(server("New", "0")::address);
    }

    @Test
    void shouldAdvertiseTheGivenHost_whenStarted() throws Exception {
        TestServer server = new TestServer(
                "Known", ServerOptions.builder().advertisedHost("state.example").build(), stats);
        servers.add(server);
        server.start();

        assertThat(server.address().host()).isEqualTo("state.example");
    }

    @Test
    void shouldFailWithAClearMessage_whenHostDoesNotResolve() throws Exception {
        TestServer server = new TestServer(
                "Nowhere",
                ServerOptions.builder().bindHost("no-such-host.invalid").build(),
                stats);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(server::start)
                .withMessageContaining("no-such-host.invalid");
        assertThat(server.hasStopped()).isTrue();
    }

    @Test
    void shouldAnswerWhatItHasAccepted_whenStopping() throws Exception {
        TestServer server = server("Drained", "0");
        server.start();
        try (BlockingPeer peer = greeted(server.address())) {
            peer.write(WireFrames.request(1, Script.KEEP), WireFrames.request(2, Script.KEEP));
            peer.write(WireFrames.empty(MessageType.PING, 3));
            assertThat(WireFrames.type(peer.read())).isEqualTo(MessageType.PONG);
            CompletableFuture<Void> stopped = server.stop();
            assertThat(WireFrames.type(peer.read())).isEqualTo(MessageType.GOING_AWAY);
            peer.write(WireFrames.request(4, Script.ECHO));
            assertThat(WireFrames.failure(peer.read()).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);

            ScriptedHandler handler = server.handlers.get(0);
            handler.context().loop().execute(() -> handler.kept.forEach(exchange -> exchange.answer(1_000)));

            assertThat(WireFrames.value(peer.read())).hasSize(1_000);
            assertThat(WireFrames.value(peer.read())).hasSize(1_000);
            assertThat(peer.isAtEnd()).isTrue();
            stopped.get(10, TimeUnit.SECONDS);
        }
        joinThreads("drained");
    }

    @Test
    void shouldNotLoseTheLastAnswer_whenRequestsLieUnreadInTheSocket() throws Exception {
        TestServer server =
                new TestServer("Full", ServerOptions.builder().maxInFlight(1).build(), stats);
        servers.add(server);
        server.start();
        try (BlockingPeer peer = greeted(BlockingPeer.connectNarrow(server.address()))) {
            peer.write(WireFrames.request(1, Script.KEEP), WireFrames.request(2, Script.KEEP));
            ScriptedHandler handler = awaitKept(server, 2);
            for (int i = 3; i < 500; i++) {
                peer.write(WireFrames.request(i, Script.ECHO, 0, new byte[1_000]));
            }
            server.stop();
            assertThat(WireFrames.type(peer.read())).isEqualTo(MessageType.GOING_AWAY);
            handler.context().loop().execute(() -> {
                handler.kept.get(1).answerAbsent();
                handler.kept.get(0).answer(900_000);
            });

            assertThat(WireFrames.type(peer.read())).isEqualTo(MessageType.ABSENT);
            assertThat(WireFrames.value(peer.read())).hasSize(900_000);
        }
    }

    @Test
    void shouldStopAfterTheDrainTimeout_whenARequestIsStuck() throws Exception {
        TestServer server = new TestServer(
                "Stuck",
                ServerOptions.builder()
                        .drainTimeout(Duration.ofMillis(200))
                        .requestTimeout(Duration.ofMinutes(1))
                        .build(),
                stats);
        servers.add(server);
        server.start();
        try (BlockingPeer peer = greeted(server.address())) {
            peer.write(WireFrames.request(1, Script.KEEP));
            awaitKept(server, 1);
            CompletableFuture<Void> stopped = server.stop();
            assertThat(WireFrames.type(peer.read())).isEqualTo(MessageType.GOING_AWAY);
            assertThat(peer.isAtEnd()).isTrue();
            stopped.get(5, TimeUnit.SECONDS);
        }
        assertThat(stats.abandoned()).isEqualTo(1);
        joinThreads("stuck");
    }

    @Test
    void shouldRefuseConnections_whenStopped() throws Exception {
        TestServer server = server("Gone", "0");
        server.start();
        ServerAddress address = server.address();
        server.stop().get(10, TimeUnit.SECONDS);

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> BlockingPeer.connect(address));
    }

    @Test
    void shouldStopOnce_whenStoppedTwice() throws Exception {
        TestServer server = server("Double", "0");
        server.start();

        CompletableFuture.allOf(server.stop(), server.stop()).get(10, TimeUnit.SECONDS);
        assertThat(server.hasStopped()).isTrue();
    }

    @Test
    void shouldEndWhatTheSubclassStarted_whenStoppedBeforeStart() throws Exception {
        TestServer server = server("Unused", "0");
        server.stop().get(10, TimeUnit.SECONDS);

        assertThat(server.hasStopped()).isTrue();
    }

    @Test
    void shouldSucceedForOthers_whenOneCallerFailsItsStopFuture() throws Exception {
        TestServer server = server("Shared", "0");
        server.stop().completeExceptionally(new IllegalStateException("mine"));

        server.stop().get(10, TimeUnit.SECONDS);
    }

    @Test
    void shouldNotStart_whenItWouldServeEveryoneOnEveryAddress() throws Exception {
        TestServer server = everywhere(ServerSecurity.none());

        assertThatIllegalStateException()
                .isThrownBy(server::start)
                .withMessageContaining("0.0.0.0")
                .withMessageContaining("allow insecure exposure");
        assertThat(server.hasStopped()).isTrue();
    }

    @Test
    void shouldStartOnEveryAddress_whenPeersShowWhoTheyAreOrItIsAllowed() throws Exception {
        everywhere(ServerSecurity.builder()
                        .tokens(Tokens.of(Map.of("alice", "secret")))
                        .build())
                .start();
        everywhere(ServerSecurity.builder().allowInsecureExposure(true).build()).start();
    }

    @Test
    void shouldTellItsHealth_fromStartToEnd() throws Exception {
        TestServer server = server("Healthy", "0");
        assertThat(server.health()).isEqualTo(ServerHealth.STARTING);
        server.start();
        assertThat(server.health()).isEqualTo(ServerHealth.READY);
        try (BlockingPeer peer = greeted(server.address())) {
            peer.write(WireFrames.request(1, Script.KEEP));
            ScriptedHandler handler = awaitKept(server, 1);
            CompletableFuture<Void> stopped = server.stop();
            assertThat(server.health()).isEqualTo(ServerHealth.DRAINING);
            handler.context().loop().execute(() -> handler.kept.get(0).answer());
            stopped.get(10, TimeUnit.SECONDS);
        }
        assertThat(server.health()).isEqualTo(ServerHealth.STOPPED);
    }

    private TestServer everywhere(ServerSecurity security) {
        ServerOptions options = ServerOptions.builder()
                .bindHost("0.0.0.0")
                .advertisedHost("state.example")
                .security(security)
                .build();
        TestServer server = new TestServer("Exposed", options, stats);
        servers.add(server);
        return server;
    }

    private TestServer server(String name, String ports) {
        TestServer server = new TestServer(
                name, ServerOptions.builder().ports(PortRange.parse(ports)).build(), stats);
        servers.add(server);
        return server;
    }

    private static BlockingPeer greeted(ServerAddress address) throws IOException {
        return greeted(BlockingPeer.connect(address));
    }

    private static BlockingPeer greeted(BlockingPeer peer) throws IOException {
        peer.write(WireFrames.hello());
        ByteBuf welcome = peer.read();
        assertThat(WireFrames.type(welcome)).isEqualTo(MessageType.WELCOME);
        return peer;
    }

    /** The handler of the only connection, once it has so many requests under way. */
    private static ScriptedHandler awaitKept(TestServer server, int requests) throws Exception {
        ScriptedHandler handler = server.handlers.get(0);
        CompletableFuture<Void> kept = new CompletableFuture<>();
        Runnable look = new Runnable() {
            @Override
            public void run() {
                if (handler.kept.size() < requests) {
                    handler.context().loop().schedule(this, 1, TimeUnit.MILLISECONDS);
                } else {
                    kept.complete(null);
                }
            }
        };
        handler.context().loop().execute(look);
        kept.get(10, TimeUnit.SECONDS);
        return handler;
    }

    /** Returns when no thread of that server is left; event loops end shortly after the server has stopped. */
    private static void joinThreads(String prefix) throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith(prefix)) {
                thread.join(10_000);
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
    }
}
