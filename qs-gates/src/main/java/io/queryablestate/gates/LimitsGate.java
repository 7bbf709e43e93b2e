package io.queryablestate.gates;

import io.netty.buffer.Unpooled;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.client.serialization.KeyAndNamespace;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.KvStateId;
import io.queryablestate.messages.KvStateRequestCodec;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.testsupport.FrameServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * S2: nobody may say more than is allowed: 4 KiB before it is known who speaks, 1 MiB for a request, 64 MiB for an answer.
 * Whoever announces more is cut off before it is there, and what a length claims is never allocated.
 */
final class LimitsGate implements Gate {

    private static final int STRANGER = 4 * 1024;
    private static final int REQUEST = 1024 * 1024;
    private static final int RESPONSE = 64 * 1024 * 1024;
    /** What a frame has besides the value. */
    private static final int HEADER = Frames.BODY_OFFSET;

    private static final long CLOSE_MILLIS = 100;
    private static final int READ_MILLIS = 5_000;
    private static final int QUICK = 20;
    private static final int FULL = 200;
    private static final long MAX_ALLOCATED = 64 * 1024;
    private static final int TINY_FRAME = 40;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private long slowestMillis;

    @Override
    public void run(GateRun run) throws Exception {
        int times = run.times(QUICK, FULL);
        long slowestOfAll = 0;
        try (Target target = new Target(run, TargetProcess.LOGIN)) {
            for (ServerAddress victim : List.of(target.proxy(), target.server())) {
                // The first one loads classes.
                requireRefused(run, new RawPeer(victim, 0, READ_MILLIS), STRANGER + 1, "a stranger");
                slowestMillis = 0;
                for (int i = 0; i < times; i++) {
                    requireRefused(run, new RawPeer(victim, 0, READ_MILLIS), STRANGER + 1, "a stranger");
                    requireRefused(run, new RawPeer(victim, 0, READ_MILLIS), Integer.MAX_VALUE, "a stranger");
                    requireTaken(run, new RawPeer(victim, 0, READ_MILLIS), STRANGER, "a stranger");
                    RawPeer known = new RawPeer(victim, 0, READ_MILLIS).greet(TargetProcess.TOKEN);
                    requireRefused(run, known, REQUEST + 1, "a client");
                }
                requireTaken(run, new RawPeer(victim, 0, READ_MILLIS).greet(TargetProcess.TOKEN), REQUEST, "a client");
            }
            run.fault("oversized announcement", 6L * times);
        }
        allocation(run, times);
        oversizedAnswer(run, times);
        run.requireAtMost("oversize_closed_ms", slowestOfAll, CLOSE_MILLIS);
    }

    private void requireRefused(GateRun run, RawPeer peer, int length, String who) throws IOException {
        try (peer) {
            peer.send(RawPeer.bytes(out -> out.writeInt(length).writeZero(TINY_FRAME - Integer.BYTES)));
            peer.flush();
            long start = System.nanoTime();
            byte[] lastWord = peer.read();
            boolean ended = peer.isEnded(READ_MILLIS);
            slowestMillis = Math.max(slowestMillis, run.millisSince(start));
            run.require(ended, who + " that announced " + length + " bytes is connected");
            WireAnswer told = lastWord == null ? null : WireAnswer.of(lastWord, run::miss);
            run.require(
                    told != null && told.failure() != null && told.failure().code() == ErrorCode.FRAME_TOO_LARGE,
                    who + " that announced " + length + " bytes was told " + told);
        }
    }

    /** What is not too long is waited for. */
    private static void requireTaken(GateRun run, RawPeer peer, int length, String who) throws IOException {
        try (peer) {
            peer.send(RawPeer.bytes(out -> out.writeInt(length).writeInt(Frames.VERSION_2)));
            peer.flush();
            run.require(!peer.isEnded(20), who + " that announced " + length + " bytes was cut off");
        }
    }

    /** 40 bytes that claim 2 GB, as a frame and as a field within one. */
    private static void allocation(GateRun run, int times) throws Exception {
        byte[] key = KeyAndNamespace.serialize(Serializers.LONG, 1L);
        byte[] name = StampedState.NAME.getBytes(StandardCharsets.UTF_8);
        byte[] lyingName = RawPeer.bytes(
                out -> KvStateRequestCodec.encodeVersion1(out, 1, StampedState.JOB, name, Long.hashCode(1L), key));
        ByteBuffer.wrap(lyingName).putInt(Frames.BODY_OFFSET + 2 * Long.BYTES, Integer.MAX_VALUE);
        byte[] lyingKey =
                RawPeer.frame(Frames.VERSION_1, Frames.V1_REQUEST, 1, new byte[2 * Long.BYTES + Integer.BYTES]);
        ByteBuffer.wrap(lyingKey).putInt(Frames.BODY_OFFSET + 2 * Long.BYTES, Integer.MAX_VALUE);
        try (Target open = new Target(run)) {
            // The first ones load classes.
            long most = 0;
            for (int round = 0; round < 2; round++) {
                most = 0;
                for (byte[] lie : List.of(
                        RawPeer.bytes(out -> out.writeInt(Integer.MAX_VALUE).writeZero(TINY_FRAME - Integer.BYTES)),
                        lyingName,
                        lyingKey)) {
                    for (ServerAddress victim : List.of(open.proxy(), open.server())) {
                        long before = open.allocated();
                        for (int i = 0; i < times; i++) {
                            try (RawPeer peer = new RawPeer(victim, 0, READ_MILLIS)) {
                                peer.send(lie);
                                peer.flush();
                                peer.read();
                            }
                        }
                        most = Math.max(most, (open.allocated() - before) / times);
                    }
                }
            }
            run.fault("claim of 2 GB", 6L * times);
            run.requireAtMost("allocated_bytes_each", most, MAX_ALLOCATED);
        }
    }

    /** A client, and a proxy before a state server, that are told of an answer of more than 64 MiB. */
    private void oversizedAnswer(GateRun run, int times) throws Exception {
        AtomicLong slowest = new AtomicLong();
        try (FrameServer peer = RudeServer.answering((request, connection) -> {
            connection.write(Unpooled.buffer().writeInt(RESPONSE + HEADER + 1).writeInt(Frames.VERSION_2));
            long start = System.nanoTime();
            try {
                while (true) {
                    connection.read();
                }
            } finally {
                slowest.accumulateAndGet(run.millisSince(start), Math::max);
            }
        })) {
            ServerAddress address = new ServerAddress("127.0.0.1", peer.port());
            try (LoneProxy proxy = LoneProxy.before(address, new KvStateId(1, 1))) {
                for (ServerAddress asked : List.of(address, proxy.address())) {
                    try (QueryableStateClient client =
                            run.client(asked).maxAttempts(1).build()) {
                        new Reads(run, client, TIMEOUT).burst(times, 1);
                    }
                }
            }
        }
        run.fault("oversized answer", 2L * times);
        run.require(run.ledger().ok() == 0, run.ledger().ok() + " oversized answers were taken for values");
        run.requireAtMost("oversized_answer_closed_ms", slowest.get(), CLOSE_MILLIS);
    }
}
