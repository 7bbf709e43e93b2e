package io.queryablestate.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.Hello;
import io.queryablestate.messages.MessageType;
import io.queryablestate.network.ScriptedHandler.Exchange;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AbstractServerHandlerTest {

    private static final int MAX_IN_FLIGHT = 4;

    private final CountingStats stats = new CountingStats();
    private final ServerConnections server = new ServerConnections(
            "Test Server",
            ServerOptions.builder().clusterId("blue").maxInFlight(MAX_IN_FLIGHT).build(),
            stats);
    private final TestChannel peer = new TestChannel();
    private final ScriptedHandler handler = peer.add(context -> new ScriptedHandler(server, context, Runnable::run));

    @AfterEach
    void leavesNothingBehind() {
        assertThat(peer.finishClean()).isTrue();
        peer.advance(Duration.ofMillis(20));
        assertThat(handler.underWay()).isZero();
        assertThat(peer.context.deadlines().size()).isZero();
        assertThat(stats.openConnections()).isZero();
        assertThat(stats.inFlight()).isZero();
        assertThat(handler.kept)
                .allSatisfy(exchange -> assertThat(exchange.ends).isEqualTo(1));
    }

    @Test
    void shouldWelcome_whenPeerSaysHello() {
        peer.read(WireFrames.hello());

        assertThat(types()).containsExactly(MessageType.WELCOME);
        assertThat(peer.channel.isOpen()).isTrue();
    }

    @Test
    void shouldRefuseAndClose_whenNoVersionIsShared() {
        peer.read(WireFrames.hello(new Hello(3, 9, "", "")));

        assertThat(onlyFailure().code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(peer.channel.isOpen()).isFalse();
    }

    @Test
    void shouldRefuseAndClose_whenPeerWantsAnotherCluster() {
        peer.read(WireFrames.hello(new Hello(2, 2, "", "green")));

        assertThat(onlyFailure().code()).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(peer.channel.isOpen()).isFalse();
    }

    private static ServerOptions guarded() {
        ServerSecurity security = ServerSecurity.builder()
                .tokens(Tokens.of(Map.of("friend", "secret")))
                .build();
        return ServerOptions.builder().security(security).build();
    }

    @Test
    void shouldServeOnlyWhoHasTheToken_whenOneIsSet() {
        ServerConnections guarded = new ServerConnections("Guarded Server", guarded(), stats);
        TestChannel stranger = new TestChannel();
        stranger.add(context -> new ScriptedHandler(guarded, context, Runnable::run));
        stranger.read(WireFrames.hello(new Hello(2, 2, "guess", "")));
        assertThat(WireFrames.failure(stranger.writtenFrames().get(0)).code()).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(stranger.channel.isOpen()).isFalse();
        assertThat(stranger.finishClean()).isTrue();

        TestChannel old = new TestChannel();
        old.add(context -> new ScriptedHandler(guarded, context, Runnable::run));
        old.read(WireFrames.version1Request(1, Script.ECHO, (byte) 1));
        assertThat(old.writtenFrames()).hasSize(1).allSatisfy(frame -> assertThat(WireFrames.version1Type(frame))
                .isEqualTo(Frames.V1_SERVER_FAILURE));
        assertThat(old.channel.isOpen()).isFalse();
        assertThat(old.finishClean()).isTrue();

        TestChannel friend = new TestChannel();
        friend.add(context -> new ScriptedHandler(guarded, context, Runnable::run));
        friend.read(WireFrames.hello(new Hello(2, 2, "secret", "")));
        assertThat(WireFrames.type(friend.writtenFrames().get(0))).isEqualTo(MessageType.WELCOME);
        assertThat(friend.finishClean()).isTrue();
    }

    @Test
    void shouldTakeShortFramesOnly_untilTheTokenHasBeenShown() {
        ServerConnections guarded = new ServerConnections("Guarded Server", guarded(), stats);
        TestChannel stranger = new TestChannel();
        stranger.add(context -> new ScriptedHandler(guarded, context, Runnable::run));
        stranger.read(Unpooled.buffer().writeInt(4 * 1024 + 1));
        assertThat(WireFrames.failure(stranger.writtenFrames().get(0)).code()).isEqualTo(ErrorCode.FRAME_TOO_LARGE);
        assertThat(stranger.channel.isOpen()).isFalse();
        assertThat(stranger.finishClean()).isTrue();

        byte[] key = new byte[8 * 1024];
        TestChannel friend = new TestChannel();
        friend.add(context -> new ScriptedHandler(guarded, context, Runnable::run));
        friend.read(WireFrames.hello(new Hello(2, 2, "secret", "")), WireFrames.request(1, Script.ECHO, 0, key));
        assertThat(WireFrames.value(friend.writtenFrames().get(1))).isEqualTo(key);
        assertThat(friend.finishClean()).isTrue();
    }

    @Test
    void shouldWelcome_whenPeerNamesThisClusterAndARangeOfVersions() {
        peer.read(WireFrames.hello(new Hello(1, 9, "", "blue")));

        assertThat(types()).containsExactly(MessageType.WELCOME);
    }

    @Test
    void shouldRefuseAndClose_whenHelloCannotBeDecoded() {
        ByteBuf hello = Unpooled.buffer();
        Frames.writeEmpty(hello, MessageType.HELLO, 0);
        peer.read(hello);

        assertThat(onlyFailure().code()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(peer.channel.isOpen()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = MessageType.class,
            names = {"KV_STATE_REQUEST", "PING", "PONG", "WELCOME"})
    void shouldRefuseAndClose_whenAnythingComesBeforeTheHello(MessageType type) {
        peer.read(WireFrames.empty(type, 5));

        assertThat(onlyFailure().code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(peer.channel.isOpen()).isFalse();
        assertThat(stats.requests()).isZero();
    }

    @Test
    void shouldRefuseAndClose_whenVersionIsUnknown() {
        peer.read(Unpooled.buffer().writeInt(4).writeInt(0xCAFEBABE));

        assertThat(onlyFailure().text()).contains("0xcafebabe");
        assertThat(peer.channel.isOpen()).isFalse();
    }

    @Test
    void shouldRefuseAndClose_whenVersion2FrameEndsInsideItsHeader() {
        peer.read(
                WireFrames.hello(),
                Unpooled.buffer().writeInt(8).writeInt(Frames.VERSION_2).writeInt(0));

        assertThat(frames()).last().satisfies(frame -> assertThat(
                        WireFrames.failure(frame).code())
                .isEqualTo(ErrorCode.PROTOCOL_VIOLATION));
        assertThat(peer.channel.isOpen()).isFalse();
    }

    @Test
    void shouldRefuseAndClose_whenFrameIsTooLarge() {
        peer.read(WireFrames.hello(), Unpooled.buffer().writeInt(Integer.MAX_VALUE));

        assertThat(WireFrames.failure(frames().get(1)).code()).isEqualTo(ErrorCode.FRAME_TOO_LARGE);
        assertThat(peer.channel.isOpen()).isFalse();
    }

    @Test
    void shouldAnswerPong_whenPinged() {
        peer.read(WireFrames.hello(), WireFrames.empty(MessageType.PING, 99));

        ByteBuf pong = frames().get(1);
        assertThat(WireFrames.type(pong)).isEqualTo(MessageType.PONG);
        assertThat(WireFrames.id(pong)).isEqualTo(99);
    }

    @Test
    void shouldFailOneRequest_whenItsTypeIsNotTaken() {
        ByteBuf unknown = Unpooled.buffer();
        unknown.writeInt(16)
                .writeInt(Frames.VERSION_2)
                .writeShort(999)
                .writeShort(0)
                .writeLong(3);
        peer.read(WireFrames.hello(), unknown, WireFrames.empty(MessageType.LOCATION_REQUEST, 4));
        peer.read(WireFrames.empty(MessageType.HELLO, 5), WireFrames.request(6, Script.ECHO));

        List<ByteBuf> answers = frames();
        for (int i = 1; i <= 3; i++) {
            assertThat(WireFrames.failure(answers.get(i)).code()).isEqualTo(ErrorCode.BAD_REQUEST);
            assertThat(WireFrames.id(answers.get(i))).isEqualTo(2 + i);
        }
        assertThat(WireFrames.type(answers.get(4))).isEqualTo(MessageType.RESULT);
        assertThat(stats.requests()).isEqualTo(1);
    }

    @Test
    void shouldFailOneRequest_whenItsBodyCannotBeDecoded() {
        peer.read(WireFrames.hello(), WireFrames.request(1, Script.REFUSE), WireFrames.request(2, Script.ECHO));

        List<ByteBuf> answers = frames();
        assertThat(WireFrames.failure(answers.get(1)).code()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(WireFrames.value(answers.get(2))).containsExactly(7);
        assertThat(stats.failures(ErrorCode.BAD_REQUEST)).isEqualTo(1);
        assertThat(stats.successes()).isEqualTo(1);
    }

    @Test
    void shouldAnswerEachKind_whenAskedForIt() {
        peer.read(
                WireFrames.hello(),
                WireFrames.request(1, Script.ECHO),
                WireFrames.request(2, Script.ABSENT),
                WireFrames.request(3, Script.FAIL),
                WireFrames.request(4, Script.ECHO_LARGE),
                WireFrames.request(5, Script.ECHO_LATER));

        assertThat(types())
                .containsExactly(
                        MessageType.WELCOME,
                        MessageType.RESULT,
                        MessageType.ABSENT,
                        MessageType.FAILURE,
                        MessageType.RESULT,
                        MessageType.RESULT);
        assertThat(stats.successes()).isEqualTo(4);
        assertThat(stats.failures(ErrorCode.UNKNOWN_JOB)).isEqualTo(1);
    }

    @Test
    void shouldSendMessage_whenItIsTooLargeToBeCopied() {
        peer.read(WireFrames.hello());
        frames();
        peer.read(WireFrames.request(1, Script.MESSAGE));

        assertThat(frames()).singleElement().satisfies(frame -> assertThat(frame.readableBytes())
                .isEqualTo(Frames.BODY_OFFSET + 10_000));
    }

    @Test
    void shouldFailTheRequest_whenItsAnswerCannotBeEncoded() {
        peer.read(WireFrames.hello(), WireFrames.request(1, Script.BAD_MESSAGE));

        assertThat(WireFrames.failure(frames().get(1)).code()).isEqualTo(ErrorCode.STATE_FAILED);
        assertThat(handler.underWay()).isZero();
    }

    @Test
    void shouldFlushOnce_whenManyRequestsComeInOneRead() {
        peer.read(WireFrames.hello());
        ByteBuf[] requests = new ByteBuf[100];
        for (int i = 0; i < requests.length; i++) {
            requests[i] = WireFrames.request(i, Script.ECHO);
        }
        peer.spy.flushes = 0;
        peer.read(requests);

        assertThat(peer.spy.flushes).isEqualTo(1);
        assertThat(frames()).hasSize(101);
    }

    @Test
    void shouldAnswerInVersion1_whenAskedInVersion1() {
        peer.read(
                WireFrames.version1Request(1, Script.ECHO, (byte) 9),
                WireFrames.version1Request(2, Script.ABSENT),
                WireFrames.version1Request(3, Script.FAIL),
                WireFrames.version1Request(4, Script.REFUSE),
                WireFrames.version1(77, 5, Script.ECHO));

        List<ByteBuf> answers = frames();
        assertThat(answers).hasSize(5).allSatisfy(answer -> assertThat(WireFrames.version(answer))
                .isEqualTo(Frames.VERSION_1));
        assertThat(WireFrames.version1Type(answers.get(0))).isEqualTo(Frames.V1_RESULT);
        assertThat(WireFrames.value(answers.get(0))).containsExactly(9);
        for (int i = 1; i < 5; i++) {
            assertThat(WireFrames.version1Type(answers.get(i))).isEqualTo(Frames.V1_REQUEST_FAILURE);
            assertThat(WireFrames.id(answers.get(i))).isEqualTo(i + 1);
        }
        assertThat(WireFrames.version1Failure(answers.get(3)).code()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(peer.channel.isOpen()).isTrue();
        assertThat(stats.requests()).isEqualTo(4);
    }

    @Test
    void shouldSendServerFailureAndClose_whenVersion1RequestIdIsMissing() {
        peer.read(Unpooled.buffer().writeInt(8).writeInt(Frames.VERSION_1).writeInt(Frames.V1_REQUEST));

        assertThat(frames()).singleElement().satisfies(frame -> assertThat(WireFrames.version1Type(frame))
                .isEqualTo(Frames.V1_SERVER_FAILURE));
        assertThat(peer.channel.isOpen()).isFalse();
    }

    @Test
    void shouldClose_whenVersion2ConnectionTurnsToVersion1() {
        peer.read(WireFrames.hello(), WireFrames.version1Request(1, Script.ECHO));

        assertThat(WireFrames.failure(frames().get(1)).code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(peer.channel.isOpen()).isFalse();
    }

    @Test
    void shouldClose_whenVersion1ConnectionTurnsToVersion2() {
        peer.read(WireFrames.version1Request(1, Script.ECHO), WireFrames.hello());

        assertThat(WireFrames.version1Type(frames().get(1))).isEqualTo(Frames.V1_SERVER_FAILURE);
        assertThat(peer.channel.isOpen()).isFalse();
    }

    @Test
    void shouldStopReadingBeyondTheLimitAndResume_whenRequestsEnd() {
        peer.read(WireFrames.hello());
        ByteBuf[] requests = new ByteBuf[3 * MAX_IN_FLIGHT];
        for (int i = 0; i < requests.length; i++) {
            requests[i] = WireFrames.request(i, Script.KEEP);
        }
        peer.read(requests);
        assertThat(handler.kept).hasSize(MAX_IN_FLIGHT + 1);
        assertThat(peer.channel.config().isAutoRead()).isFalse();

        handler.kept.get(2).answer();
        assertThat(handler.kept).hasSize(MAX_IN_FLIGHT + 1);
        handler.kept.get(3).answer();
        assertThat(handler.kept).hasSize(MAX_IN_FLIGHT + 3);
        for (int i = 0; i < requests.length; i++) {
            handler.kept.get(i).answerAbsent();
        }
        peer.channel.runPendingTasks();

        assertThat(frames()).hasSize(1 + requests.length);
        assertThat(peer.channel.config().isAutoRead()).isTrue();
    }

    @Test
    void shouldAnswerOnce_whenAnsweredAgain() {
        peer.read(WireFrames.hello(), WireFrames.request(1, Script.KEEP));
        Exchange exchange = handler.kept.get(0);
        exchange.answer();
        exchange.answer(100_000);
        exchange.answerAbsent();
        peer.advance(Duration.ofSeconds(3));

        assertThat(types()).containsExactly(MessageType.WELCOME, MessageType.RESULT);
    }

    @Test
    void shouldAnswerDeadlineExceeded_whenTheBudgetRunsOut() {
        peer.read(WireFrames.hello(), WireFrames.request(1, Script.KEEP, 50, (byte) 1));
        peer.advance(Duration.ofMillis(50));
        assertThat(frames()).hasSize(1);
        peer.advance(Duration.ofMillis(30));

        assertThat(onlyFailure())
                .isEqualTo(new Failure(ErrorCode.DEADLINE_EXCEEDED, "the time budget of the request ran out", true));
        assertThat(stats.failures(ErrorCode.DEADLINE_EXCEEDED)).isEqualTo(1);
    }

    @Test
    void shouldUseTheDefaultBudget_whenRequestNamesNone() {
        peer.read(WireFrames.version1Request(1, Script.KEEP));
        peer.advance(Duration.ofMillis(1_990));
        assertThat(frames()).isEmpty();
        peer.advance(Duration.ofMillis(40));

        assertThat(frames()).hasSize(1);
    }

    @Test
    void shouldAbandonRequests_whenAskerHasGone() {
        peer.read(WireFrames.hello(), WireFrames.request(1, Script.KEEP), WireFrames.request(2, Script.KEEP));
        peer.channel.close();
        handler.kept.get(0).answer(100_000);

        assertThat(stats.abandoned()).isEqualTo(2);
        assertThat(handler.underWay()).isZero();
    }

    @Test
    void shouldEndTheExchange_whenAnsweredBetweenCloseAndItsNotice() {
        peer.read(WireFrames.hello(), WireFrames.request(1, Script.KEEP));
        // The notice of the end comes in a later task of the event loop.
        peer.channel.eventLoop().execute(() -> {
            peer.channel.close();
            handler.kept.get(0).answer(100_000);
        });
        peer.channel.runPendingTasks();

        assertThat(handler.underWay()).isZero();
    }

    @Test
    void shouldCloseAfterTheLastAnswer_whenDraining() {
        peer.read(WireFrames.hello(), WireFrames.request(1, Script.KEEP), WireFrames.request(2, Script.KEEP));
        server.drain();
        peer.channel.runPendingTasks();
        peer.read(WireFrames.request(3, Script.ECHO));
        handler.kept.get(0).answer();
        peer.channel.runPendingTasks();
        assertThat(peer.channel.isOpen()).isTrue();
        handler.kept.get(1).answer(1_000_000);
        peer.channel.runPendingTasks();

        assertThat(peer.channel.isOpen()).isFalse();
        List<ByteBuf> answers = frames();
        assertThat(answers)
                .extracting(WireFrames::type)
                .containsExactly(
                        MessageType.WELCOME,
                        MessageType.GOING_AWAY,
                        MessageType.FAILURE,
                        MessageType.RESULT,
                        MessageType.RESULT);
        assertThat(WireFrames.failure(answers.get(2)).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
        assertThat(WireFrames.value(answers.get(4))).hasSize(1_000_000);
    }

    @Test
    void shouldKeepTheLastAnswer_whenDrainingTowardASlowPeer() {
        peer.read(WireFrames.hello(), WireFrames.request(1, Script.KEEP));
        server.drain();
        peer.channel.runPendingTasks();
        peer.spy.hold();
        handler.kept.get(0).answer(1_000_000);
        peer.channel.runPendingTasks();
        assertThat(peer.channel.isOpen()).isTrue();

        peer.letGo();

        assertThat(WireFrames.value(frames().get(2))).hasSize(1_000_000);
        assertThat(peer.channel.isOpen()).isFalse();
    }

    @Test
    void shouldRefuseWhatWasHeldBack_whenDrainingBeyondTheLimit() {
        peer.read(WireFrames.hello());
        for (int i = 1; i <= MAX_IN_FLIGHT + 2; i++) {
            peer.read(WireFrames.request(i, Script.KEEP));
        }
        server.drain();
        peer.channel.runPendingTasks();
        handler.kept.forEach(Exchange::answer);
        peer.channel.runPendingTasks();

        assertThat(frames())
                .filteredOn(frame -> WireFrames.type(frame) == MessageType.FAILURE)
                .singleElement()
                .satisfies(frame -> assertThat(WireFrames.failure(frame).code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
        assertThat(peer.channel.isOpen()).isFalse();
    }

    @Test
    void shouldCloseAtOnce_whenDrainingAnIdleConnection() {
        server.drain();
        peer.channel.runPendingTasks();

        assertThat(peer.channel.isOpen()).isFalse();
        assertThat(frames()).isEmpty();
    }

    @Test
    void shouldSendNothingUnasked_whenDrainingAVersion1Connection() {
        peer.read(WireFrames.version1Request(1, Script.KEEP));
        server.drain();
        peer.channel.runPendingTasks();
        assertThat(frames()).isEmpty();
        handler.kept.get(0).answer();
        peer.channel.runPendingTasks();

        assertThat(frames()).hasSize(1);
    }

    @Test
    void shouldRefuseFurtherAnswers_whenPeerDoesNotRead() {
        peer.read(WireFrames.hello());
        for (int i = 1; i <= MAX_IN_FLIGHT; i++) {
            peer.read(WireFrames.request(i, Script.KEEP));
        }
        peer.spy.hold();
        handler.kept.get(0).answer(900_000);
        handler.kept.get(1).answer(200_000);
        handler.kept.get(2).answer(200_000);
        assertThat(handler.output().pendingBytes()).isLessThan(Answers.MAX_PENDING_BYTES);
        peer.letGo();
        handler.kept.get(3).answer(64);
        peer.channel.runPendingTasks();

        assertThat(stats.failures(ErrorCode.OVERLOADED)).isEqualTo(2);
        assertThat(stats.successes()).isEqualTo(2);
        assertThat(frames()).hasSize(1 + MAX_IN_FLIGHT);
    }

    @Test
    void shouldStopReading_whenPeerDoesNotReadItsAnswers() {
        peer.read(WireFrames.hello());
        peer.spy.hold();
        readLargeRequests(50);
        // Half a mebibyte, in answers of 100,000 bytes.
        assertThat(stats.requests()).isLessThan(7);
        assertThat(peer.channel.config().isAutoRead()).isFalse();

        peer.letGo();
        assertThat(frames()).hasSize(51);
        assertThat(stats.successes()).isEqualTo(50);
        assertThat(peer.channel.config().isAutoRead()).isTrue();
    }

    @Test
    void shouldRefuseOneRequestOnly_whenThereIsNoRoomForIt() {
        peer.read(WireFrames.hello());
        ByteBuf large = WireFrames.request(1, Script.ECHO, 0, new byte[5_000]);
        peer.budget.add(peer.budget.limit());
        peer.read(large.readRetainedSlice(100));
        peer.read(large, WireFrames.request(2, Script.ECHO));
        peer.budget.release(peer.budget.limit());

        List<ByteBuf> answers = frames();
        assertThat(WireFrames.failure(answers.get(1)).code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(answers.subList(1, 3)).extracting(WireFrames::id).containsExactly(1L, 2L);
        assertThat(WireFrames.type(answers.get(2))).isEqualTo(MessageType.RESULT);
        assertThat(peer.channel.isOpen()).isTrue();
    }

    @Test
    void shouldQueueNoMoreThanUsual_whenPeerReadsAgainInTheMiddleOfAWrite() {
        peer.read(WireFrames.hello());
        peer.spy.hold();
        readLargeRequests(50);

        peer.spy.letGo();
        handler.output().run();
        assertThat(handler.output().pendingBytes()).isLessThan(700_000);
        assertThat(peer.spy.mostQueued).isLessThan(700_000);

        peer.channel.runPendingTasks();
        assertThat(frames()).hasSize(51);
        assertThat(peer.spy.mostQueued).isLessThan(700_000);
    }

    private void readLargeRequests(int number) {
        ByteBuf[] requests = new ByteBuf[number];
        for (int i = 0; i < requests.length; i++) {
            requests[i] = WireFrames.request(i, Script.ECHO_LARGE);
        }
        peer.read(requests);
    }

    @Test
    void shouldClose_whenPeerDoesNotReadFor30Seconds() {
        peer.read(WireFrames.hello());
        peer.spy.hold();
        peer.read(WireFrames.request(1, Script.ECHO_LARGE));
        peer.advance(Duration.ofSeconds(30));
        assertThat(peer.channel.isOpen()).isTrue();
        peer.advance(Duration.ofSeconds(3));

        assertThat(peer.channel.isOpen()).isFalse();
    }

    @Test
    void shouldStayOpen_whenPeerReadsAndIsStillBehindEachTime() {
        peer.read(WireFrames.hello());
        for (int i = 1; i <= 4; i++) {
            peer.spy.hold();
            peer.read(WireFrames.request(i, Script.ECHO_LARGE));
            peer.advance(Duration.ofSeconds(10));
            peer.letGo();
        }

        assertThat(peer.channel.isOpen()).isTrue();
        assertThat(frames()).hasSize(1 + 4);
    }

    @Test
    void shouldClose_whenPeerDoesNotReadWhyFor30Seconds() {
        peer.read(WireFrames.version1Request(1, Script.ECHO));
        peer.spy.hold();
        peer.read(Unpooled.buffer().writeInt(-1));
        peer.advance(Duration.ofSeconds(30));
        assertThat(peer.channel.isOpen()).isTrue();
        peer.advance(Duration.ofSeconds(3));

        assertThat(peer.channel.isOpen()).isFalse();
    }

    @Test
    void shouldClose_whenNothingIsSaidFor5Seconds() {
        peer.advance(Duration.ofSeconds(5));
        assertThat(peer.channel.isOpen()).isTrue();
        peer.advance(Duration.ofSeconds(2));

        assertThat(peer.channel.isOpen()).isFalse();
    }

    @Test
    void shouldClose_whenAFrameIsNotFinishedIn10Seconds() {
        peer.read(WireFrames.hello(), Unpooled.buffer().writeInt(100));
        for (int i = 0; i < 10; i++) {
            peer.read(Unpooled.buffer().writeByte(0));
            peer.advance(Duration.ofSeconds(1));
        }
        assertThat(peer.channel.isOpen()).isTrue();
        peer.advance(Duration.ofSeconds(2));

        assertThat(peer.channel.isOpen()).isFalse();
    }

    @Test
    void shouldClose_whenAVersion2ConnectionIsIdleFor5Minutes() {
        peer.read(WireFrames.hello());
        peer.advance(Duration.ofMinutes(5));
        assertThat(peer.channel.isOpen()).isTrue();
        peer.advance(Duration.ofSeconds(2));

        assertThat(peer.channel.isOpen()).isFalse();
    }

    @Test
    void shouldStayOpen_whenAVersion1ConnectionIsIdle() {
        peer.read(WireFrames.version1Request(1, Script.ECHO));
        peer.advance(Duration.ofMinutes(11));

        assertThat(peer.channel.isOpen()).isTrue();
        assertThat(frames()).hasSize(1);
    }

    @Test
    void shouldCloseQuietly_whenTheConnectionBreaks() {
        peer.read(WireFrames.hello());
        frames();
        peer.channel.pipeline().fireExceptionCaught(new IOException("reset"));

        assertThat(frames()).isEmpty();
        assertThat(peer.channel.isOpen()).isFalse();
    }

    @Test
    void shouldSayInternalErrorAndClose_whenTheHandlerThrows() {
        peer.read(WireFrames.hello(), WireFrames.request(1, Script.KEEP), WireFrames.request(2, Script.THROW));

        Failure failure = WireFrames.failure(frames().get(1));
        assertThat(failure).isEqualTo(new Failure(ErrorCode.STATE_FAILED, "internal error"));
        assertThat(peer.channel.isOpen()).isFalse();
        assertThat(stats.abandoned()).isEqualTo(1);
    }

    private List<ByteBuf> frames() {
        return peer.writtenFrames();
    }

    private List<MessageType> types() {
        return frames().stream().map(WireFrames::type).toList();
    }

    private Failure onlyFailure() {
        List<ByteBuf> frames = frames();
        assertThat(frames).hasSize(1);
        return WireFrames.failure(frames.get(0));
    }
}
