package io.queryablestate.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.Hello;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.network.TestCall.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PeerConnectionTest {

    private final List<TestCall> sent = new ArrayList<>();
    private FakeServer server;
    private TestClient client;

    @BeforeEach
    void open() throws Exception {
        server = new FakeServer();
        client = new TestClient();
    }

    @AfterEach
    void shouldHaveAnsweredEachCallOnceAndNeverWhileSending() throws Exception {
        client.close();
        server.close();
        assertThat(client.stats.openConnections()).isZero();
        assertThat(sent).allSatisfy(call -> {
            assertThat(call.answers()).isLessThanOrEqualTo(1);
            assertThat(call.answeredWhileSending).isFalse();
        });
    }

    @Test
    void shouldFailConnectionRefused_whenNobodyListens() throws Exception {
        ServerAddress address = server.address();
        server.close();

        Outcome outcome = send(address, Script.ECHO).await();
        assertThat(outcome.code()).isEqualTo(ErrorCode.CONNECTION_REFUSED);
        assertThat(outcome.isConnectionFailure()).isTrue();
        assertThat(outcome.failure().text()).contains(address.toString());
    }

    @Test
    void shouldFailFastWithTheLastCause_whenServerIsDownAndCallsKeepComing() throws Exception {
        ServerAddress address = server.address();
        server.close();
        Set<Failure> causes = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < 200; i++) {
            causes.add(send(address, Script.ECHO).await().failure());
        }

        // Each attempt makes a cause of its own.
        assertThat(causes).hasSizeLessThan(20).allSatisfy(cause -> assertThat(cause.code())
                .isEqualTo(ErrorCode.CONNECTION_REFUSED));
        PeerConnection connection = client.to(address);
        assertThat(client.onLoop(() -> Optional.ofNullable(connection.obstacle())))
                .isPresent();
    }

    @Test
    void shouldFailConnectionRefused_whenTheNameDoesNotResolve() throws Exception {
        Outcome outcome =
                send(new ServerAddress("no-such-host.invalid", 1), Script.ECHO).await();

        assertThat(outcome.code()).isEqualTo(ErrorCode.CONNECTION_REFUSED);
        assertThat(outcome.failure().text()).contains("no-such-host.invalid").contains("resolve");
    }

    @Test
    void shouldFailHandshakeTimeout_whenServerAcceptsAndStaysSilent() throws Exception {
        client.close();
        client = new TestClient(options -> options.connectTimeout(Duration.ofMillis(100)));
        TestCall call = send(Script.ECHO);
        try (BlockingPeer peer = server.accept()) {
            assertThat(call.await().code()).isEqualTo(ErrorCode.HANDSHAKE_TIMEOUT);
            assertThat(WireFrames.type(peer.read())).isEqualTo(MessageType.HELLO);
            assertThat(peer.isAtEnd()).isTrue();
        }
    }

    @Test
    void shouldFailProtocolViolation_whenServerSendsGarbage() throws Exception {
        TestCall call = send(Script.ECHO);
        try (BlockingPeer peer = server.accept()) {
            peer.read();
            peer.write(Unpooled.wrappedBuffer("HTTP/1.1 400 Bad Request\r\n".getBytes(StandardCharsets.US_ASCII)));

            assertThat(call.await().code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void shouldFailProtocolViolation_whenGarbageIsNoWholeFrame() throws Exception {
        client.close();
        client = new TestClient(options -> options.connectTimeout(Duration.ofMillis(200)));
        TestCall call = send(Script.ECHO);
        try (BlockingPeer peer = server.accept()) {
            peer.read();
            peer.write(Unpooled.buffer().writeInt(1_000).writeInt(0));

            assertThat(call.await().code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void shouldFailWithTheServersReason_whenHelloIsRefused() throws Exception {
        TestCall call = send(Script.ECHO);
        try (BlockingPeer peer = server.accept()) {
            peer.read();
            peer.write(WireFrames.failure(0, new Failure(ErrorCode.FORBIDDEN, "not you")));

            assertThat(call.await().failure()).isEqualTo(new Failure(ErrorCode.FORBIDDEN, "not you"));
        }
    }

    @Test
    void shouldCallBack_whenAnswersOfAllKindsCome() throws Exception {
        List<TestCall> calls = sendAll(Script.KEEP, 4);
        try (BlockingPeer peer = server.greet()) {
            peer.write(WireFrames.result(FakeServer.requestId(peer), (byte) 42));
            peer.write(WireFrames.empty(MessageType.ABSENT, FakeServer.requestId(peer)));
            peer.write(WireFrames.failure(FakeServer.requestId(peer), new Failure(ErrorCode.UNKNOWN_JOB, "no")));
            peer.write(WireFrames.empty(MessageType.CATALOGUE, FakeServer.requestId(peer)));

            assertThat(calls.get(0).await().value()).containsExactly(42);
            assertThat(calls.get(1).await().isValue()).isTrue();
            assertThat(calls.get(2).await().failure()).isEqualTo(new Failure(ErrorCode.UNKNOWN_JOB, "no"));
            assertThat(calls.get(3).await().isValue()).isTrue();
        }
    }

    @Test
    void shouldFailAllAsLost_whenServerClosesInTheMiddleOfRequests() throws Exception {
        List<TestCall> calls = sendAll(Script.KEEP, 100);
        try (BlockingPeer peer = server.greet()) {
            FakeServer.requestId(peer);
        }

        for (TestCall call : calls) {
            assertThat(call.await().code()).isEqualTo(ErrorCode.CONNECTION_LOST);
            assertThat(call.await().isConnectionFailure()).isTrue();
        }
    }

    @Test
    void shouldFailOneCall_whenItsAnswerCannotBeDecoded() throws Exception {
        List<TestCall> calls = sendAll(Script.KEEP, 3);
        try (BlockingPeer peer = server.greet()) {
            ByteBuf wrong = WireFrames.result(FakeServer.requestId(peer), (byte) 1);
            wrong.setInt(Frames.BODY_OFFSET, Integer.MAX_VALUE);
            peer.write(wrong);
            ByteBuf empty = WireFrames.empty(MessageType.FAILURE, FakeServer.requestId(peer));
            peer.write(empty);
            peer.write(WireFrames.result(FakeServer.requestId(peer), (byte) 3));

            assertThat(calls.get(0).await().code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
            assertThat(calls.get(1).await().code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
            assertThat(calls.get(2).await().value()).containsExactly(3);
        }
    }

    @Test
    void shouldIgnoreAnswers_whenTheyAreUnknownOrRepeated() throws Exception {
        List<TestCall> calls = sendAll(Script.KEEP, 2);
        try (BlockingPeer peer = server.greet()) {
            long first = FakeServer.requestId(peer);
            long second = FakeServer.requestId(peer);
            peer.write(WireFrames.result(first, (byte) 1), WireFrames.result(first, (byte) 9));
            peer.write(WireFrames.result(second + 1_000), WireFrames.result(-5), WireFrames.result(0));
            peer.write(WireFrames.result(second, (byte) 2));

            assertThat(calls.get(0).await().value()).containsExactly(1);
            assertThat(calls.get(1).await().value()).containsExactly(2);
        }
    }

    @Test
    void shouldFailTheConnection_whenAnAnswerOfUnknownTypeComes() throws Exception {
        TestCall call = send(Script.KEEP);
        try (BlockingPeer peer = server.greet()) {
            ByteBuf unknown = WireFrames.empty(MessageType.ABSENT, FakeServer.requestId(peer));
            unknown.setShort(Frames.TYPE_OFFSET, 500);
            peer.write(unknown);

            assertThat(call.await().code()).isEqualTo(ErrorCode.CONNECTION_LOST);
        }
    }

    @Test
    void shouldFailAll_whenAFrameIsTooLarge() throws Exception {
        List<TestCall> calls = sendAll(Script.KEEP, 2);
        try (BlockingPeer peer = server.greet()) {
            peer.write(Unpooled.buffer().writeInt(Integer.MAX_VALUE));

            for (TestCall call : calls) {
                assertThat(call.await().code()).isEqualTo(ErrorCode.CONNECTION_LOST);
            }
        }
    }

    @Test
    void shouldFallBackOnTheSameConnection_whenServerAnswersHelloInVersion1() throws Exception {
        List<TestCall> calls = sendAll(Script.KEEP, 4);
        try (BlockingPeer peer = server.accept()) {
            peer.read();
            peer.write(WireFrames.version1ServerFailure());
            ByteBuf request = peer.read();
            assertThat(WireFrames.version(request)).isEqualTo(Frames.VERSION_1);
            peer.write(WireFrames.version1Result(WireFrames.id(request), (byte) 5));
            peer.write(WireFrames.version1Absent(FakeServer.requestId(peer)));
            long third = FakeServer.requestId(peer);
            peer.write(WireFrames.version1Failure(third, new Failure(ErrorCode.UNKNOWN_KV_STATE_ID, "gone")));

            assertThat(calls.get(0).await().value()).containsExactly(5);
            assertThat(calls.get(1).await().isValue()).isTrue();
            assertThat(calls.get(2).await().code()).isEqualTo(ErrorCode.UNKNOWN_KV_STATE_ID);
        }
        assertThat(calls.get(3).await().code()).isEqualTo(ErrorCode.CONNECTION_LOST);
        TestCall later = send(Script.KEEP);
        try (BlockingPeer peer = server.accept()) {
            // Remembered: no hello this time.
            ByteBuf request = peer.read();
            assertThat(WireFrames.version(request)).isEqualTo(Frames.VERSION_1);
            peer.write(WireFrames.version1Result(WireFrames.id(request), (byte) 6));
            assertThat(later.await().value()).containsExactly(6);
        }
    }

    @Test
    void shouldFailAll_whenAVersion1ServerFails() throws Exception {
        List<TestCall> calls = sendAll(Script.KEEP, 5);
        try (BlockingPeer peer = server.accept()) {
            peer.read();
            peer.write(WireFrames.version1ServerFailure());
            FakeServer.requestId(peer);
            peer.write(WireFrames.version1ServerFailure());

            for (TestCall call : calls) {
                assertThat(call.await().code()).isEqualTo(ErrorCode.CONNECTION_LOST);
            }
        }
    }

    @Test
    void shouldNotFallBack_whenClientHasAToken() throws Exception {
        client.close();
        client = new TestClient(options -> options.token("secret"));
        TestCall call = send(Script.KEEP);
        try (BlockingPeer peer = server.accept()) {
            ByteBuf hello = peer.read().skipBytes(Frames.BODY_OFFSET);
            assertThat(Hello.decode(hello).token()).isEqualTo("secret");
            peer.write(WireFrames.version1ServerFailure());

            assertThat(call.await().code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
            assertThat(peer.isAtEnd()).isTrue();
        }
    }

    @Test
    void shouldQueueAboveTheInFlightLimit_whenAnswersAreMissing() throws Exception {
        client.close();
        client = new TestClient(options -> options.maxInFlight(2).maxWaiting(3));
        List<TestCall> calls = sendAll(Script.KEEP, 6);
        try (BlockingPeer peer = server.greet()) {
            // Three may wait for the connection, none was sent yet.
            for (TestCall refused : calls.subList(3, 6)) {
                assertThat(refused.await().code()).isEqualTo(ErrorCode.OVERLOADED);
            }
            long first = FakeServer.requestId(peer);
            long second = FakeServer.requestId(peer);
            peer.write(WireFrames.result(second, (byte) 2));
            long third = FakeServer.requestId(peer);
            assertThat(third).isGreaterThan(second);
            peer.write(WireFrames.result(first, (byte) 1), WireFrames.result(third, (byte) 3));

            assertThat(calls.get(0).await().value()).containsExactly(1);
            assertThat(calls.get(1).await().value()).containsExactly(2);
            assertThat(calls.get(2).await().value()).containsExactly(3);
        }
    }

    @Test
    void shouldForgetCalls_whenCancelledWaitingSentOrRefused() throws Exception {
        client.close();
        client = new TestClient(options -> options.maxInFlight(1).maxWaiting(2));
        PeerConnection connection = client.to(server.address());
        List<TestCall> calls = new ArrayList<>();
        List<Long> ids = client.onLoop(() -> {
            List<Long> numbers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                TestCall call = new TestCall(Script.KEEP);
                calls.add(call);
                numbers.add(connection.send(call));
            }
            connection.cancel(numbers.get(0));
            connection.cancel(numbers.get(2));
            return numbers;
        });
        try (BlockingPeer peer = server.greet()) {
            assertThat(FakeServer.requestId(peer)).isEqualTo(ids.get(1));
            TestCall last = new TestCall(Script.KEEP);
            client.onLoop(() -> {
                connection.cancel(ids.get(1));
                return connection.send(last);
            });
            ByteBuf cancel = peer.read();
            assertThat(WireFrames.type(cancel)).isEqualTo(MessageType.CANCEL);
            assertThat(WireFrames.id(cancel)).isEqualTo(ids.get(1));
            peer.write(
                    WireFrames.result(ids.get(1), (byte) 1), WireFrames.result(FakeServer.requestId(peer), (byte) 4));

            assertThat(last.await().value()).containsExactly(4);
        }
        assertThat(calls).allSatisfy(call -> assertThat(call.answers()).isZero());
    }

    @Test
    void shouldFailOnlyThatCall_whenItCannotBeWritten() throws Exception {
        List<TestCall> calls = sendAll(List.of(new TestCall(Script.THROW), new TestCall(Script.KEEP)));
        try (BlockingPeer peer = server.greet()) {
            peer.write(WireFrames.result(FakeServer.requestId(peer), (byte) 1));

            assertThat(calls.get(0).await().code()).isEqualTo(ErrorCode.BAD_REQUEST);
            assertThat(calls.get(1).await().value()).containsExactly(1);
            assertThat(sendAll(List.of(new TestCall(Script.THROW)))
                            .get(0)
                            .await()
                            .code())
                    .isEqualTo(ErrorCode.BAD_REQUEST);
        }
    }

    @Test
    void shouldAnswerTheOthers_whenOneCallThrowsAtItsFailure() throws Exception {
        PeerConnection connection = client.to(server.address());
        TestCall after = new TestCall(Script.KEEP);
        Call throwing = new ThrowingCall();
        client.onLoop(() -> {
            connection.send(throwing);
            connection.send(after);
            return connection.send(throwing);
        });
        client.closeConnections();

        assertThat(after.await().code()).isEqualTo(ErrorCode.CLIENT_CLOSED);
    }

    @Test
    void shouldSendNoMoreButTakeAnswers_whenServerGoesAway() throws Exception {
        TestCall before = send(Script.KEEP);
        try (BlockingPeer peer = server.greet()) {
            long id = FakeServer.requestId(peer);
            peer.write(WireFrames.empty(MessageType.GOING_AWAY, 0), WireFrames.empty(MessageType.PING, 8));
            assertThat(WireFrames.type(peer.read())).isEqualTo(MessageType.PONG);
            assertThat(send(Script.KEEP).await().code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
            peer.write(WireFrames.result(id, (byte) 1));

            assertThat(before.await().value()).containsExactly(1);
        }
    }

    @Test
    void shouldFailAsClosed_whenTheClientIsClosed() throws Exception {
        TestCall sentCall = send(Script.KEEP);
        try (BlockingPeer peer = server.greet()) {
            FakeServer.requestId(peer);
            client.closeConnections();

            assertThat(sentCall.await().code()).isEqualTo(ErrorCode.CLIENT_CLOSED);
            assertThat(peer.isAtEnd()).isTrue();
            assertThat(send(Script.KEEP).await().code()).isEqualTo(ErrorCode.CLIENT_CLOSED);
            assertThat(send(new ServerAddress("127.0.0.1", 1), Script.KEEP)
                            .await()
                            .code())
                    .isEqualTo(ErrorCode.CLIENT_CLOSED);
        }
    }

    @Test
    void shouldFailAsClosed_whenTheClientIsClosedWhileConnecting() throws Exception {
        List<TestCall> calls = sendAll(Script.KEEP, 10);
        client.closeConnections();

        for (TestCall call : calls) {
            assertThat(call.await().code()).isEqualTo(ErrorCode.CLIENT_CLOSED);
        }
    }

    @Test
    void shouldRecover_whenAServerReturnsOnTheSamePort() throws Exception {
        CountingStats stats = new CountingStats();
        for (int restart = 0; restart < 5; restart++) {
            ServerAddress address = server.address();
            server.close();
            assertThat(send(address, Script.ECHO).await().isConnectionFailure()).isTrue();
            TestServer real = new TestServer(
                    "Restarted",
                    ServerOptions.builder()
                            .ports(PortRange.parse(String.valueOf(address.port())))
                            .build(),
                    stats);
            real.start();
            Outcome outcome = send(address, Script.ECHO).await();
            long begun = System.nanoTime();
            while (!outcome.isValue()
                    && System.nanoTime() - begun < Duration.ofSeconds(2).toNanos()) {
                outcome = send(address, Script.ECHO).await();
            }
            assertThat(outcome.isValue()).isTrue();
            real.close();
            server = new FakeServer(address.port());
        }
    }

    @Test
    void shouldPassLargeValues_whenServerSendsThemInPieces() throws Exception {
        TestCall call = send(Script.KEEP);
        try (BlockingPeer peer = server.greet()) {
            ByteBuf result = WireFrames.result(FakeServer.requestId(peer), new byte[5_000_000]);
            CompletableFuture<Void> writing = server.play(() -> {
                while (result.isReadable()) {
                    peer.write(result.readRetainedSlice(Math.min(70_001, result.readableBytes())));
                }
                result.release();
            });

            assertThat(call.await().value()).hasSize(5_000_000);
            writing.join();
        }
    }

    private TestCall send(Script script) throws Exception {
        return send(server.address(), script);
    }

    private TestCall send(ServerAddress address, Script script) throws Exception {
        TestCall call = new TestCall(script);
        sent.add(call);
        return client.send(address, call);
    }

    private List<TestCall> sendAll(Script script, int number) throws Exception {
        List<TestCall> calls = client.sendAll(server.address(), script, number);
        sent.addAll(calls);
        return calls;
    }

    private List<TestCall> sendAll(List<TestCall> calls) throws Exception {
        sent.addAll(calls);
        return client.sendAll(server.address(), calls);
    }

    private static final class ThrowingCall implements Call {
        @Override
        public void encode(FrameOutput out, long requestId, boolean version1) {
            throw new IllegalStateException("not expected to be sent");
        }

        @Override
        public void onValue(ByteBuf in, int offset, int length) {
            throw new IllegalStateException("expected");
        }

        @Override
        public void onAbsent() {
            throw new IllegalStateException("expected");
        }

        @Override
        public void onFailure(Failure failure) {
            throw new IllegalStateException("expected");
        }

        @Override
        public void onConnectionFailure(Failure failure) {
            throw new IllegalStateException("expected");
        }
    }
}
