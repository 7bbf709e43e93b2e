package io.queryablestate.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.ServerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeerHandlerTest {

    private static final int MAX_RESPONSE_BYTES = 8 * 1024;
    private static final ServerAddress ADDRESS = new ServerAddress("fake", 1);

    private final CountingStats stats = new CountingStats();
    private final TestChannel server = new TestChannel();
    private final Version1Peers version1Peers = new Version1Peers();
    private final PeerConnection connection = new PeerConnection(
            server.context,
            ADDRESS,
            ConnectionOptions.builder()
                    .stats(stats)
                    .maxResponseBytes(MAX_RESPONSE_BYTES)
                    .build(),
            version1Peers);

    @AfterEach
    void leavesNothingBehind() {
        assertThat(server.finishClean()).isTrue();
        assertThat(stats.openConnections()).isZero();
        assertThat(connection.hasCalls()).isFalse();
    }

    @Test
    void shouldSayHelloAloneAndSendAfterTheWelcome_whenConnected() {
        connect();
        assertThat(server.writtenFrames()).singleElement().satisfies(hello -> assertThat(WireFrames.type(hello))
                .isEqualTo(MessageType.HELLO));
        server.read(WireFrames.welcome());
        TestCall call = send();

        ByteBuf request = server.writtenFrames().get(0);
        server.read(WireFrames.result(WireFrames.id(request), (byte) 3));
        assertThat(call.outcome.join().value()).containsExactly(3);
    }

    @Test
    void shouldAcceptAValueOfTheLimit_andNoByteMore() {
        ready();
        TestCall fits = send();
        server.read(WireFrames.result(WireFrames.id(server.writtenFrames().get(0)), new byte[MAX_RESPONSE_BYTES]));
        assertThat(fits.outcome.join().value()).hasSize(MAX_RESPONSE_BYTES);

        TestCall exceeds = send();
        server.read(WireFrames.result(WireFrames.id(server.writtenFrames().get(0)), new byte[MAX_RESPONSE_BYTES + 1]));
        assertThat(exceeds.outcome.join().isConnectionFailure()).isTrue();
    }

    @Test
    void shouldFlushOnce_whenManyCallsAreSentInOneTask() {
        ready();
        server.spy.flushes = 0;
        List<TestCall> calls = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            TestCall call = new TestCall(Script.KEEP);
            calls.add(call);
            connection.send(call);
        }
        server.channel.runPendingTasks();

        assertThat(server.spy.flushes).isEqualTo(1);
        server.writtenFrames().forEach(request -> server.read(WireFrames.result(WireFrames.id(request))));
        assertThat(calls).allSatisfy(call -> assertThat(call.answers()).isEqualTo(1));
    }

    @Test
    void shouldFailOneCallOnly_whenThereIsNoRoomForItsAnswer() {
        ready();
        TestCall large = send();
        TestCall small = send();
        List<Long> ids = server.writtenFrames().stream().map(WireFrames::id).toList();
        ByteBuf answer = WireFrames.result(ids.get(0), new byte[5_000]);
        server.budget.add(server.budget.limit());
        server.read(answer.readRetainedSlice(100));
        server.read(answer, WireFrames.result(ids.get(1), (byte) 3));
        server.budget.release(server.budget.limit());

        assertThat(large.outcome.join().code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(small.outcome.join().value()).containsExactly(3);
        assertThat(server.channel.isOpen()).isTrue();
    }

    @Test
    void shouldHoldCallsBackAndSendThemInOrder_whenServerDoesNotRead() {
        ready();
        server.spy.hold();
        List<TestCall> calls = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            TestCall call = new TestCall(Script.KEEP, new byte[2_000]);
            calls.add(call);
            connection.send(call);
        }
        server.channel.runPendingTasks();
        assertThat(server.spy.bytes).isLessThan(140_000);

        server.letGo();
        List<ByteBuf> requests = server.writtenFrames();
        assertThat(requests).extracting(WireFrames::id).isSorted().hasSize(100);
        requests.forEach(request -> server.read(WireFrames.result(WireFrames.id(request))));
        assertThat(calls).allSatisfy(call -> assertThat(call.answers()).isEqualTo(1));
    }

    @Test
    void shouldPingAfter30Seconds_whenNothingIsHeard() {
        ready();
        server.advance(Duration.ofSeconds(30));
        assertThat(server.writtenFrames()).isEmpty();
        server.advance(Duration.ofSeconds(2));
        assertThat(server.writtenFrames()).singleElement().satisfies(ping -> assertThat(WireFrames.type(ping))
                .isEqualTo(MessageType.PING));
        server.read(WireFrames.empty(MessageType.PONG, 0));
        server.advance(Duration.ofSeconds(20));

        assertThat(server.channel.isOpen()).isTrue();
    }

    @Test
    void shouldFailCallsAndClose_whenPingIsNotAnswered() {
        ready();
        TestCall call = send();
        server.advance(Duration.ofSeconds(40));

        assertThat(server.channel.isOpen()).isFalse();
        assertThat(call.outcome.join().code()).isEqualTo(ErrorCode.CONNECTION_LOST);
        assertThat(call.outcome.join().failure().text()).contains("ping");
    }

    @Test
    void shouldAnswerPong_whenServerPings() {
        ready();
        server.read(WireFrames.empty(MessageType.PING, 12));

        ByteBuf pong = server.writtenFrames().get(0);
        assertThat(WireFrames.type(pong)).isEqualTo(MessageType.PONG);
        assertThat(WireFrames.id(pong)).isEqualTo(12);
    }

    @Test
    void shouldNotGatherPongs_whenServerPingsAndDoesNotRead() {
        ready();
        server.spy.hold();
        ByteBuf[] pings = new ByteBuf[1_000];
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < pings.length; i++) {
                pings[i] = WireFrames.empty(MessageType.PING, i);
            }
            server.read(pings);
        }

        assertThat(server.context.budget().used() + server.spy.bytes).isLessThan(150_000);
        server.letGo();
    }

    @Test
    void shouldCloseAfter5Minutes_whenUnused() {
        ready();
        liveFor(Duration.ofMinutes(5));
        assertThat(server.channel.isOpen()).isTrue();
        liveFor(Duration.ofSeconds(25));

        assertThat(server.channel.isOpen()).isFalse();
        assertThat(connection.isUnused()).isTrue();
    }

    @Test
    void shouldStayOpen_whenUsedForAbsentKeysOnly() {
        ready();
        for (int minute = 0; minute < 6; minute++) {
            TestCall call = send();
            ByteBuf request = server.writtenFrames().get(0);
            server.read(WireFrames.empty(MessageType.ABSENT, WireFrames.id(request)));
            assertThat(call.outcome).isCompleted();
            liveFor(Duration.ofMinutes(1));
        }

        assertThat(server.channel.isOpen()).isTrue();
    }

    @Test
    void shouldFailCallsAndClose_whenAnAnswerIsNotFinishedIn10Seconds() {
        ready();
        TestCall call = send();
        server.read(Unpooled.buffer().writeInt(1_000).writeInt(Frames.VERSION_2));
        server.advance(Duration.ofSeconds(12));

        assertThat(call.outcome.join().code()).isEqualTo(ErrorCode.CONNECTION_LOST);
        assertThat(call.outcome.join().failure().text()).contains("not finished");
    }

    @Test
    void shouldNeitherSayHelloNorPing_whenServerIsKnownForVersion1() {
        version1Peers.add(ADDRESS, server.context.nanoTime());
        connect();
        assertThat(server.writtenFrames()).isEmpty();
        server.advance(Duration.ofMinutes(2));

        assertThat(server.writtenFrames()).isEmpty();
        assertThat(server.channel.isOpen()).isTrue();
    }

    @Test
    void shouldAskAgain_whenTheVersion1VerdictIsAMinuteOld() {
        version1Peers.add(ADDRESS, server.context.nanoTime());
        server.advance(Duration.ofSeconds(61));
        connect();

        assertThat(WireFrames.type(server.writtenFrames().get(0))).isEqualTo(MessageType.HELLO);
        server.read(WireFrames.welcome());
    }

    @Test
    void shouldForgetTheVersion1Verdict_whenServerWelcomes() {
        connect();
        version1Peers.add(ADDRESS, server.context.nanoTime());
        server.read(WireFrames.welcome());

        assertThat(version1Peers.contains(ADDRESS, server.context.nanoTime())).isFalse();
    }

    @Test
    void shouldReportUnexpectedInput_whenVersion1ServerSendsARequest() {
        version1Peers.add(ADDRESS, server.context.nanoTime());
        connect();
        TestCall call = send();
        server.read(WireFrames.version1Request(1, Script.ECHO));

        assertThat(call.outcome.join().code()).isEqualTo(ErrorCode.CONNECTION_LOST);
        assertThat(server.channel.isOpen()).isFalse();
    }

    @Test
    void shouldReleaseEachBuffer_whenAnswersOfAllVersion1KindsCome() {
        version1Peers.add(ADDRESS, server.context.nanoTime());
        connect();
        TestCall result = send();
        TestCall failed = send();
        List<Long> ids = server.writtenFrames().stream().map(WireFrames::id).toList();
        List<ByteBuf> answers = List.of(
                WireFrames.version1Result(ids.get(0), (byte) 1),
                WireFrames.version1Failure(ids.get(1), new Failure(ErrorCode.STATE_FAILED, "broken")),
                WireFrames.version1ServerFailure());
        answers.forEach(answer -> server.channel.writeInbound(answer));

        assertThat(result.outcome.join().value()).containsExactly(1);
        assertThat(failed.outcome.join().code()).isEqualTo(ErrorCode.STATE_FAILED);
        assertThat(answers).allSatisfy(answer -> assertThat(answer.refCnt()).isZero());
        assertThat(server.channel.isOpen()).isFalse();
    }

    @Test
    void shouldTellTheCause_whenTheChannelBreaks() {
        ready();
        TestCall call = send();
        server.channel.pipeline().fireExceptionCaught(new IOException("reset by peer"));
        server.channel.runPendingTasks();

        assertThat(call.outcome.join().failure().text()).contains("reset by peer");
    }

    @Test
    void shouldFailCalls_whenTheChannelEndsByItself() {
        ready();
        TestCall call = send();
        server.channel.close();

        assertThat(call.outcome.join().isConnectionFailure()).isTrue();
        assertThat(call.outcome.join().code()).isEqualTo(ErrorCode.CONNECTION_LOST);
    }

    @Test
    void shouldHandOutNothing_whilePaused() {
        ready();
        TestCall call = send();
        long id = WireFrames.id(server.writtenFrames().get(0));
        connection.pauseReading();
        server.read(WireFrames.result(id, (byte) 1));
        assertThat(call.outcome).isNotDone();
        connection.resumeReading();

        assertThat(call.outcome.join().value()).containsExactly(1);
    }

    @Test
    void shouldTellTheServerOnce_whenACallThatWasSentIsCancelled() {
        ready();
        long sent = connection.send(new TestCall(Script.KEEP, (byte) 1));
        connection.cancel(sent);
        connection.cancel(sent);
        server.channel.runPendingTasks();

        List<ByteBuf> frames = server.writtenFrames();
        assertThat(frames)
                .extracting(WireFrames::type)
                .containsExactly(MessageType.KV_STATE_REQUEST, MessageType.CANCEL);
        assertThat(frames).extracting(WireFrames::id).containsExactly(sent, sent);
    }

    @Test
    void shouldTellTheServerNothing_whenACancelledCallWasAnsweredOrNeverSent() {
        connect();
        server.writtenFrames();
        long waiting = connection.send(new TestCall(Script.KEEP, (byte) 1));
        connection.cancel(waiting);
        server.read(WireFrames.welcome());
        long answered = connection.send(new TestCall(Script.KEEP, (byte) 1));
        server.channel.runPendingTasks();
        server.read(WireFrames.result(answered, (byte) 3));
        connection.cancel(answered);
        server.channel.runPendingTasks();

        assertThat(server.writtenFrames()).extracting(WireFrames::id).containsExactly(answered);
    }

    @Test
    void shouldTellTheServerNothing_whenItSpeaksVersion1() {
        version1Peers.add(ADDRESS, server.context.nanoTime());
        connect();
        connection.cancel(connection.send(new TestCall(Script.KEEP, (byte) 1)));
        server.channel.runPendingTasks();

        assertThat(server.writtenFrames()).hasSize(1);
    }

    private void connect() {
        server.add(context -> new PeerHandler(connection, new ConnectionAttempt(connection)));
    }

    private void ready() {
        connect();
        server.writtenFrames();
        server.read(WireFrames.welcome());
    }

    private TestCall send() {
        TestCall call = new TestCall(Script.KEEP, (byte) 1);
        connection.send(call);
        server.channel.runPendingTasks();
        return call;
    }

    /** Lets time pass with a server that answers pings. */
    private void liveFor(Duration duration) {
        for (long seconds = duration.toSeconds(); seconds > 0 && server.channel.isOpen(); seconds--) {
            server.advance(Duration.ofSeconds(1));
            if (!server.writtenFrames().isEmpty()) {
                server.read(WireFrames.empty(MessageType.PONG, 0));
            }
        }
    }
}
