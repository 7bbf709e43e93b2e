package io.queryablestate.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.MessageType;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests whose asker takes them back. */
class ServerCancelTest {

    private static final int MAX_IN_FLIGHT = 4;

    private final CountingStats stats = new CountingStats();
    private final ServerConnections server = new ServerConnections(
            "Test Server", ServerOptions.builder().maxInFlight(MAX_IN_FLIGHT).build(), stats);
    private final TestChannel peer = new TestChannel();
    private final ScriptedHandler handler = peer.add(context -> new ScriptedHandler(server, context, Runnable::run));

    ServerCancelTest() {
        peer.read(WireFrames.hello());
        peer.writtenFrames();
    }

    @AfterEach
    void leavesNothingBehind() {
        assertThat(peer.finishClean()).isTrue();
        peer.advance(Duration.ofMillis(20));
        assertThat(handler.underWay()).isZero();
        assertThat(peer.context.deadlines().size()).isZero();
        assertThat(peer.context.requestsInFlight()).isZero();
        assertThat(stats.inFlight()).isZero();
    }

    @Test
    void shouldEndOnlyThatRequestAndAnswerNothing_whenItIsCancelled() {
        keep(1, 2, 3);
        peer.read(cancel(2));
        assertThat(handler.kept).extracting(kept -> kept.ends).containsExactly(0, 1, 0);
        assertThat(stats.abandoned()).isEqualTo(1);
        assertThat(handler.underWay()).isEqualTo(2);

        handler.kept.forEach(ScriptedHandler.Exchange::answer);
        peer.channel.runPendingTasks();
        assertThat(peer.writtenFrames()).extracting(WireFrames::id).containsExactly(1L, 3L);
    }

    @Test
    void shouldIgnoreIt_whenTheAnswerHasCrossed() {
        keep(1);
        handler.kept.get(0).answer();
        peer.read(cancel(1), WireFrames.request(2, Script.ECHO));

        assertThat(peer.writtenFrames()).extracting(WireFrames::type).containsOnly(MessageType.RESULT);
        assertThat(stats.abandoned()).isZero();
    }

    @Test
    void shouldReadItAndHaveRoomForTheNext_whenThePeerHasAllUnderWayThatItMay() {
        keep(1, 2, 3, 4);
        peer.read(cancel(4), cancel(1), WireFrames.request(5, Script.KEEP), WireFrames.request(6, Script.KEEP));

        assertThat(handler.kept).hasSize(6);
        assertThat(handler.underWay()).isEqualTo(MAX_IN_FLIGHT);
        assertThat(peer.channel.config().isAutoRead()).isTrue();
    }

    @Test
    void shouldCountOn_whenWorkForItCannotBeStopped() {
        for (int id = 1; id <= MAX_IN_FLIGHT; id++) {
            keep(id);
            handler.kept.get(id - 1).beginWork();
            peer.read(cancel(id));
        }
        assertThat(stats.inFlight()).isZero();
        assertThat(handler.underWay()).isEqualTo(MAX_IN_FLIGHT);
        keep(5, 6);
        assertThat(handler.kept).hasSize(5);

        List.copyOf(handler.kept.subList(0, MAX_IN_FLIGHT)).forEach(ScriptedHandler.Exchange::endWork);
        assertThat(handler.kept).hasSize(6);
        assertThat(handler.underWay()).isEqualTo(2);
    }

    @Test
    void shouldFreeThePlaceOnce_whenWorkEndsBeforeTheRequest() {
        keep(1);
        handler.kept.get(0).beginWork();
        handler.kept.get(0).endWork();
        assertThat(handler.underWay()).isEqualTo(1);

        handler.kept.get(0).answer();
        peer.channel.runPendingTasks();
        assertThat(handler.underWay()).isZero();
    }

    @Test
    void shouldCloseWithACode_whenMoreIsCancelledThanWasAsked() {
        keep(1, 2);
        peer.read(cancel(1), cancel(1));
        assertThat(peer.channel.isOpen()).isTrue();
        peer.read(cancel(1));

        List<ByteBuf> frames = peer.writtenFrames();
        assertThat(frames).hasSize(1);
        assertThat(WireFrames.id(frames.get(0))).isZero();
        assertThat(WireFrames.failure(frames.get(0)).code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(peer.channel.isOpen()).isFalse();
    }

    @Test
    void shouldCloseTheConnection_whenTheLastRequestIsCancelledWhileDraining() {
        keep(1);
        server.drain();
        peer.channel.runPendingTasks();
        assertThat(peer.channel.isOpen()).isTrue();
        peer.read(cancel(1));
        peer.channel.runPendingTasks();

        assertThat(peer.writtenFrames()).extracting(WireFrames::type).containsExactly(MessageType.GOING_AWAY);
        assertThat(peer.channel.isOpen()).isFalse();
    }

    private void keep(int... ids) {
        for (int id : ids) {
            peer.read(WireFrames.request(id, Script.KEEP));
        }
    }

    private static ByteBuf cancel(long id) {
        return WireFrames.empty(MessageType.CANCEL, id);
    }
}
