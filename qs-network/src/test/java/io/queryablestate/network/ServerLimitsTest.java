package io.queryablestate.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.MessageType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a server allows all its peers together, and what it bears from one. */
class ServerLimitsTest {

    private static final int TOTAL_IN_FLIGHT = 2;
    private static final int CONNECTIONS = 2;

    private final CountingStats stats = new CountingStats();
    private final ServerConnections server = new ServerConnections(
            "Small Server",
            ServerOptions.builder()
                    .eventLoopThreads(1)
                    .maxTotalInFlight(TOTAL_IN_FLIGHT)
                    .maxConnections(CONNECTIONS)
                    .build(),
            stats);
    private final List<TestChannel> peers = new ArrayList<>();

    @AfterEach
    void leaveNothingBehind() {
        peers.forEach(peer -> assertThat(peer.finishClean()).isTrue());
        assertThat(stats.openConnections()).isZero();
        assertThat(stats.inFlight()).isZero();
    }

    @Test
    void shouldRefuseAndSayWhenToComeBack_whenTooManyRequestsAreUnderWay() {
        TestChannel peer = new TestChannel();
        ScriptedHandler handler = connect(peer);
        peer.read(WireFrames.hello());
        for (int id = 1; id <= TOTAL_IN_FLIGHT; id++) {
            peer.read(WireFrames.request(id, Script.KEEP));
        }
        peer.read(WireFrames.request(3, Script.KEEP));

        ByteBuf refused = peer.writtenFrames().get(1);
        assertThat(WireFrames.id(refused)).isEqualTo(3);
        assertThat(WireFrames.failure(refused).code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(WireFrames.failure(refused).pauseMillis()).isEqualTo(100);

        handler.kept.get(0).answer();
        peer.read(WireFrames.request(4, Script.ECHO));
        assertThat(peer.writtenFrames())
                .extracting(WireFrames::type)
                .containsExactly(MessageType.RESULT, MessageType.RESULT);
    }

    @Test
    void shouldRefuseTheRequestOnly_whenItsPeerSpeaksVersion1() {
        TestChannel peer = new TestChannel();
        connect(peer);
        for (int id = 1; id <= TOTAL_IN_FLIGHT + 1; id++) {
            peer.read(WireFrames.version1Request(id, Script.KEEP, (byte) 1));
        }

        assertThat(peer.writtenFrames()).singleElement().satisfies(frame -> assertThat(WireFrames.version1Type(frame))
                .isEqualTo(Frames.V1_REQUEST_FAILURE));
        assertThat(peer.channel.isOpen()).isTrue();
    }

    @Test
    void shouldTellOneTooMany_andServeTheOthersOn() {
        List<TestChannel> served = List.of(new TestChannel(), new TestChannel());
        served.forEach(this::connect);
        TestChannel surplus = new TestChannel();
        connect(surplus);
        TestChannel old = new TestChannel();
        connect(old);

        surplus.read(WireFrames.hello());
        old.read(WireFrames.version1Request(1, Script.ECHO, (byte) 1));
        served.forEach(peer -> peer.read(WireFrames.hello(), WireFrames.request(1, Script.ECHO)));

        Failure refusal = WireFrames.failure(surplus.writtenFrames().get(0));
        assertThat(refusal.code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(refusal.pauseMillis()).isPositive();
        assertThat(surplus.channel.isOpen()).isFalse();
        assertThat(old.written().isReadable()).isFalse();
        assertThat(old.channel.isOpen()).isFalse();
        assertThat(served).allSatisfy(peer -> assertThat(peer.writtenFrames()).hasSize(2));
    }

    @Test
    void shouldServeTheNext_whenAConnectionHasEnded() {
        TestChannel first = new TestChannel();
        connect(first);
        connect(new TestChannel());
        first.channel.close();
        TestChannel next = new TestChannel();
        connect(next);
        next.read(WireFrames.hello());

        assertThat(next.writtenFrames()).extracting(WireFrames::type).containsExactly(MessageType.WELCOME);
    }

    @Test
    void shouldCloseUnheard_whenFarTooManyConnect() {
        List<TestChannel> many = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS + 101; i++) {
            TestChannel peer = new TestChannel();
            connect(peer);
            many.add(peer);
        }

        assertThat(many.get(CONNECTIONS + 99).channel.isOpen()).isTrue();
        assertThat(many.get(CONNECTIONS + 100).channel.isOpen()).isFalse();
    }

    @Test
    void shouldCloseWithACode_whenPingsAreAFlood() {
        TestChannel peer = new TestChannel();
        connect(peer);
        peer.read(WireFrames.hello());
        for (int id = 1; id <= PeerPatience.MAX_PINGS; id++) {
            peer.read(WireFrames.empty(MessageType.PING, id));
        }
        peer.advance(Duration.ofSeconds(1));
        peer.read(WireFrames.empty(MessageType.PING, 1));
        assertThat(peer.writtenFrames()).hasSize(2 + PeerPatience.MAX_PINGS);

        for (int id = 1; id <= PeerPatience.MAX_PINGS; id++) {
            peer.read(WireFrames.empty(MessageType.PING, id));
        }

        List<ByteBuf> answers = peer.writtenFrames();
        ByteBuf last = answers.get(answers.size() - 1);
        assertThat(WireFrames.id(last)).isZero();
        assertThat(WireFrames.failure(last).code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        assertThat(peer.channel.isOpen()).isFalse();
    }

    @Test
    void shouldCloseAfterFiveSeconds_whenAPeerTricklesItsHello() {
        ServerSecurity security = ServerSecurity.builder()
                .tokens(Tokens.of(Map.of("a", "secret")))
                .build();
        ServerConnections guarded = new ServerConnections(
                "Guarded Server", ServerOptions.builder().security(security).build(), stats);
        TestChannel peer = new TestChannel();
        peers.add(peer);
        peer.add(context -> new ScriptedHandler(guarded, context, Runnable::run));
        ByteBuf hello = WireFrames.hello();
        for (int i = 0; i < 6; i++) {
            peer.read(Unpooled.buffer().writeByte(hello.readByte()));
            peer.advance(Duration.ofMillis(990));
        }
        hello.release();

        peer.advance(Duration.ofMillis(200));
        assertThat(peer.channel.isOpen()).isFalse();
    }

    private ScriptedHandler connect(TestChannel peer) {
        peers.add(peer);
        return peer.add(context -> new ScriptedHandler(server, context, Runnable::run));
    }
}
