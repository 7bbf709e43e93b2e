package io.queryablestate.gates;

import io.netty.buffer.Unpooled;
import io.queryablestate.client.serialization.KeyAndNamespace;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.gates.TargetProcess.Usage;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.KvStateRequestCodec;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.testsupport.FrameServer;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * T2: the same harm, in version 1, which both speak, to our processes and to Flink's own state server and proxy, each in a
 * process with little memory. Ours must hold; what Flink's does is written down beside it.
 */
final class ComparisonGate implements Gate {

    private static final byte[] KEY = KeyAndNamespace.serialize(Serializers.LONG, 1L);
    private static final int NAMES = 20_000;
    private static final int READ_MILLIS = 5_000;
    private static final int STUCK_REQUESTS = 400;
    private static final int OTHERS = 5;
    private static final int HALF_OPEN_SECONDS = 12;
    private static final int WAIT_SECONDS = 3;
    /** 10,000 entries with names of 900 bytes. */
    private static final double MAX_HEAP_MB = 24;
    /** Ten a second, and the first. */
    private static final long MAX_LOOKUPS = 31;

    @Override
    public void run(GateRun run) throws Exception {
        compare(run, "ours", TargetProcess.class);
        compare(run, "flink", FlinkTargetProcess.class);
    }

    private static void compare(GateRun run, String who, Class<?> main) throws Exception {
        boolean ours = main == TargetProcess.class;
        run.fault("subject");
        harm(run, ours, who, main, "heap_mb_after_20000_names", target -> {
            double heap = Target.megabytes(madeUpNames(target, run.times(NAMES, NAMES)));
            return new Outcome(heap, heap <= MAX_HEAP_MB);
        });
        harm(run, ours, who, main, "ends_with_silent_server", target -> {
            boolean ends = endsWithSilentServer(target);
            return new Outcome(ends, ends);
        });
        harm(run, ours, who, main, "lookups_in_3_s_by_one_request", target -> {
            long lookups = lookupsWithDeadServer(target);
            return new Outcome(lookups, lookups <= MAX_LOOKUPS);
        });
        harm(run, ours, who, main, "half_open_connections_of_20_after_12_s", target -> {
            long open = halfOpen(target);
            return new Outcome(open, open == 0);
        });
        harm(run, ours, who, main, "others_served_of_5_beside_one_that_never_reads", target -> {
            long served = servedBesideNeverReading(target);
            return new Outcome(served, served == OTHERS);
        });
        harm(run, ours, who, main, "alive_after_40_bytes_that_claim_2_gb", target -> {
            boolean alive = survivesLyingLength(target);
            return new Outcome(alive, alive);
        });
    }

    /** Does one kind of harm to a process of its own. */
    private static void harm(GateRun run, boolean ours, String who, Class<?> main, String what, Harm harm)
            throws Exception {
        Outcome outcome;
        try (ChildJvm target = Target.start(main)) {
            try {
                outcome = harm.to(target);
            } catch (IOException e) {
                outcome = new Outcome(target.isAlive() ? e.toString() : "the process has died", false);
            }
        }
        report(run, ours, who, what, outcome.measured(), outcome.holds());
    }

    /** What is done to a process. */
    @FunctionalInterface
    private interface Harm {
        Outcome to(ChildJvm target) throws IOException, InterruptedException;
    }

    /** What came of it. */
    private record Outcome(Object measured, boolean holds) {}

    private static void report(GateRun run, boolean ours, String who, String what, Object measured, boolean holds) {
        run.figure(who + "_" + what, measured);
        run.require(!ours || holds, who + ": " + what + " is " + measured);
    }

    private static byte[] request(long id, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return RawPeer.bytes(
                out -> KvStateRequestCodec.encodeVersion1(out, id, StampedState.JOB, bytes, Long.hashCode(1L), KEY));
    }

    /** What the names that nobody has used leave behind when their client has gone. */
    private static long madeUpNames(ChildJvm target, int names) throws IOException, InterruptedException {
        Usage before = Target.usage(target);
        try (RawPeer peer = new RawPeer(target.address(0), 0, READ_MILLIS)) {
            for (int done = 0; done < names; done += 100) {
                for (int i = 0; i < 100; i++) {
                    peer.send(request(done + i, "made-up-".repeat(200).substring(0, 900) + (done + i)));
                }
                peer.flush();
                for (int i = 0; i < 100; i++) {
                    peer.read();
                }
            }
        }
        return Target.usage(target).heapBytes() - before.heapBytes();
    }

    private static boolean endsWithSilentServer(ChildJvm target) throws IOException, InterruptedException {
        try (FrameServer silent = FrameServer.silent();
                RawPeer peer = new RawPeer(target.address(0), 0, READ_MILLIS)) {
            target.ask(TargetProcess.ELSEWHERE + " " + silent.port());
            peer.send(request(1, TargetProcess.ELSEWHERE));
            peer.flush();
            return isAnswered(peer);
        }
    }

    private static boolean isAnswered(RawPeer peer) throws IOException {
        try {
            return peer.read() != null;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    private static long lookupsWithDeadServer(ChildJvm target) throws IOException, InterruptedException {
        target.ask(TargetProcess.ELSEWHERE + " " + RetryGate.freePort());
        try (RawPeer peer = new RawPeer(target.address(0), 0, READ_MILLIS)) {
            long before = Long.parseLong(target.ask(TargetProcess.LOOKUPS));
            peer.send(request(1, TargetProcess.ELSEWHERE));
            peer.flush();
            TimeUnit.SECONDS.sleep(WAIT_SECONDS);
            return Long.parseLong(target.ask(TargetProcess.LOOKUPS)) - before;
        }
    }

    private static long halfOpen(ChildJvm target) throws IOException, InterruptedException {
        List<RawPeer> peers = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                RawPeer peer = new RawPeer(target.address(i % 2), 0, READ_MILLIS);
                peers.add(peer);
                peer.send(new byte[] {0});
                peer.flush();
            }
            TimeUnit.SECONDS.sleep(HALF_OPEN_SECONDS);
            long open = 0;
            for (RawPeer peer : peers) {
                open += peer.isEnded(1) ? 0 : 1;
            }
            return open;
        } finally {
            for (RawPeer peer : peers) {
                peer.close();
            }
        }
    }

    /** One client asks for 100 MB and reads nothing; five others ask for a small value meanwhile. */
    private static long servedBesideNeverReading(ChildJvm target) throws IOException, InterruptedException {
        try (RawPeer stuck = new RawPeer(target.address(0), 4 * 1024, READ_MILLIS)) {
            for (int i = 0; i < STUCK_REQUESTS; i++) {
                stuck.send(request(i, TargetProcess.LARGE));
            }
            stuck.flush();
            TimeUnit.SECONDS.sleep(WAIT_SECONDS);
            long served = 0;
            for (int i = 0; i < OTHERS; i++) {
                served += isServed(target.address(0)) ? 1 : 0;
            }
            return served;
        }
    }

    private static boolean isServed(ServerAddress proxy) throws IOException {
        try (RawPeer peer = new RawPeer(proxy, 0, READ_MILLIS)) {
            peer.send(request(1, StampedState.NAME));
            peer.flush();
            byte[] answer = peer.read();
            return answer != null && Unpooled.wrappedBuffer(answer).getInt(Frames.TYPE_OFFSET) == Frames.V1_RESULT;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    /** A request of 40 bytes whose state name claims to be as long as an array can be. */
    private static boolean survivesLyingLength(ChildJvm target) throws IOException, InterruptedException {
        try (RawPeer peer = new RawPeer(target.address(0), 0, READ_MILLIS)) {
            peer.send(RawPeer.bytes(out -> {
                Frames.writeVersion1Header(out, Frames.V1_REQUEST, 1, 20);
                out.writeLong(0).writeLong(0).writeInt(Integer.MAX_VALUE - 8);
            }));
            peer.flush();
            isAnswered(peer);
        } catch (IOException e) {
            // The process may have died of it.
        }
        TimeUnit.SECONDS.sleep(1);
        return target.isAlive();
    }
}
