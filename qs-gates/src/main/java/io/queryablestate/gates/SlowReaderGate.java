package io.queryablestate.gates;

import io.netty.buffer.Unpooled;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.client.serialization.KeyAndNamespace;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.gates.TargetProcess.Usage;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.KvStateRequestCodec;
import io.queryablestate.messages.MessageType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * S4: clients that ask for large values and never read hold next to nothing, are closed in the end, and harm nobody else;
 * connections that begin a frame, or nothing at all, and fall silent are closed on time; so are, with a code, floods of pings
 * and of cancels.
 */
final class SlowReaderGate implements Gate {

    private static final int NEVER_READING = 4;
    private static final int REQUESTS = 400;
    private static final int INNOCENT = 5;
    private static final int SMALL_RECEIVE_BUFFER = 4 * 1024;
    private static final int READ_MILLIS = 5_000;
    private static final int BUDGET_MILLIS = 60_000;
    private static final long MAX_HELD = 1024 * 1024 + TargetProcess.LARGE_BYTES;
    private static final long GRACE_SECONDS = 30;
    private static final long LIMIT_SECONDS = GRACE_SECONDS + 5;
    private static final int HALF_OPEN = 100;
    private static final int FLOOD = 1_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final byte[] KEY = KeyAndNamespace.serialize(Serializers.LONG, 1L);

    @Override
    public void run(GateRun run) throws Exception {
        List<RawPeer> stuck = new ArrayList<>();
        List<RawPeer> silent = new ArrayList<>();
        List<RawPeer> partial = new ArrayList<>();
        try (Target target = new Target(run);
                Innocents innocents = new Innocents(run, target)) {
            innocents.begin(run);
            Usage before = target.usage();
            for (int i = 0; i < NEVER_READING; i++) {
                stuck.add(neverRead(target, run));
            }
            int halfOpen = run.times(HALF_OPEN, HALF_OPEN);
            for (int i = 0; i < halfOpen; i++) {
                silent.add(new RawPeer(target.proxy(), 0, READ_MILLIS));
                RawPeer peer = new RawPeer(i % 2 == 0 ? target.proxy() : target.server(), 0, READ_MILLIS).greet();
                peer.send(new byte[] {0});
                peer.flush();
                partial.add(peer);
            }
            run.fault("never-reading client", NEVER_READING);
            run.fault("silent connection", halfOpen);
            run.fault("partial frame", halfOpen);
            long start = System.nanoTime();
            long mostWaiting = 0;
            long mostDirect = 0;
            long mostHeap = 0;
            while (secondsSince(start) < LIMIT_SECONDS) {
                Usage now = target.usage();
                mostWaiting = Math.max(mostWaiting, now.waitingBytes());
                mostDirect = Math.max(mostDirect, now.directBytes() - before.directBytes());
                mostHeap = Math.max(mostHeap, now.heapBytes() - before.heapBytes());
                TimeUnit.MILLISECONDS.sleep(500);
            }
            run.figure("waiting_mb_most", Target.megabytes(mostWaiting));
            run.figure("direct_mb_most", Target.megabytes(mostDirect));
            run.figure("heap_mb_most", Target.megabytes(mostHeap));
            run.require(
                    mostWaiting <= NEVER_READING * MAX_HELD,
                    mostWaiting + " bytes waited for " + NEVER_READING + " clients that do not read");
            // Reading takes what has arrived, at most the buffers of two sockets. A connection that is open goes on
            // sending
            // then, the rest of 100 MB, and falls silent; one that was closed ends.
            int closed = 0;
            for (RawPeer peer : stuck) {
                closed += peer.isEnded(1_000) ? 1 : 0;
            }
            run.figure("never_reading_closed", closed);
            run.require(
                    closed == NEVER_READING,
                    (NEVER_READING - closed) + " clients that have not read for " + LIMIT_SECONDS + " s are connected");
            for (RawPeer peer : silent) {
                run.require(peer.isEnded(1), "a connection that never said anything is open");
            }
            for (RawPeer peer : partial) {
                run.require(peer.isEnded(1), "a connection with a partial frame is open");
            }
            flood(run, target, MessageType.PING);
            flood(run, target, MessageType.CANCEL);
            innocents.stop();
            run.require(
                    run.ledger().typedErrors() == 0,
                    run.ledger().typedErrors() + " requests of others failed meanwhile");
            for (ErrorCode code : ErrorCode.values()) {
                if (run.ledger().errors(code) > 0) {
                    run.figure("others_" + code, run.ledger().errors(code));
                }
            }
        } finally {
            for (List<RawPeer> peers : List.of(stuck, silent, partial)) {
                for (RawPeer peer : peers) {
                    peer.close();
                }
            }
        }
    }

    /** Says the same all the time, and expects to be told why that ends. */
    private static void flood(GateRun run, Target target, MessageType type) throws IOException {
        try (RawPeer peer = new RawPeer(target.proxy(), 0, READ_MILLIS).greet()) {
            for (int i = 0; i < FLOOD; i++) {
                peer.send(RawPeer.bytes(out -> Frames.writeEmpty(out, type, 1)));
            }
            peer.flush();
            byte[] last = null;
            for (byte[] frame = peer.read(); frame != null; frame = peer.read()) {
                last = frame;
            }
            ErrorCode code = last == null
                    ? null
                    : Failure.decode(Unpooled.wrappedBuffer(last), 0, last.length)
                            .code();
            run.fault(type + " flood");
            run.require(code == ErrorCode.PROTOCOL_VIOLATION, "a flood of " + type + " ended with " + code);
        }
    }

    private static long secondsSince(long start) {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    }

    /** Asks for 100 MB in all and reads nothing. */
    private static RawPeer neverRead(Target target, GateRun run) throws IOException {
        RawPeer peer = new RawPeer(target.proxy(), SMALL_RECEIVE_BUFFER, READ_MILLIS).greet();
        byte[] name = TargetProcess.LARGE.getBytes(StandardCharsets.UTF_8);
        int requests = run.times(REQUESTS, REQUESTS);
        for (int i = 0; i < requests; i++) {
            long id = i + 1L;
            peer.send(RawPeer.bytes(out -> KvStateRequestCodec.encode(
                    out, id, BUDGET_MILLIS, StampedState.JOB, name, Long.hashCode(1L), KEY)));
        }
        peer.flush();
        return peer;
    }

    /** Clients that behave, one load each. */
    private static final class Innocents implements AutoCloseable {

        private static final int PER_SECOND = 50;
        private static final int WARM_UP_READS = 200;
        private static final Duration WARM_UP_TIMEOUT = Duration.ofSeconds(30);

        private final List<QueryableStateClient> clients = new ArrayList<>();
        private final List<PacedLoad> loads = new ArrayList<>();

        /** Connects them and warms everything up, with all the time that takes. */
        Innocents(GateRun run, Target target) throws InterruptedException {
            for (int i = 0; i < INNOCENT; i++) {
                QueryableStateClient client = run.client(target.proxy()).build();
                clients.add(client);
                new Reads(run, client, WARM_UP_TIMEOUT).burst(WARM_UP_READS, 1);
            }
        }

        void begin(GateRun run) {
            for (QueryableStateClient client : clients) {
                loads.add(new PacedLoad(new Reads(run, client, TIMEOUT), PER_SECOND));
            }
        }

        void stop() {
            loads.forEach(PacedLoad::close);
        }

        @Override
        public void close() {
            stop();
            clients.forEach(QueryableStateClient::close);
        }
    }
}
