package io.queryablestate.gates;

import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.gates.TargetProcess.Usage;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.ServerAddress;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * F4: malformed frames against a live proxy and a live state server. Each is answered in words or ends the
 * connection; the words tell no secrets; memory is as before; everybody else is served.
 */
final class MalformedGate implements Gate {

    private static final int QUICK = 10_000;
    private static final int FULL = 100_000;
    private static final int FRAMES_PER_CONNECTION = 10;
    private static final int WELCOME_MILLIS = 5_000;
    private static final int READ_MILLIS = 25;
    private static final int WARM_UP_READS = 200;
    private static final double MAX_HEAP_MB = 4;
    /** Netty's arenas keep a chunk of 4 MiB each when they are empty, and there are two. */
    private static final double MAX_DIRECT_MB = 8;

    private static final int INNOCENT_PER_SECOND = 50;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final TreeMap<String, Long> outcomes = new TreeMap<>();

    @Override
    public void run(GateRun run) throws Exception {
        try (Target target = new Target(run);
                QueryableStateClient client =
                        run.client(target.proxy()).maxAttempts(1).build()) {
            Reads reads = new Reads(run, client, TIMEOUT);
            reads.burst(WARM_UP_READS, 1);
            Usage before = target.usage();
            PacedLoad load = new PacedLoad(reads, INNOCENT_PER_SECOND);
            List<byte[]> corpus = Malformed.corpus();
            int frames = run.times(QUICK, FULL);
            long start = System.nanoTime();
            int connections = 0;
            for (int sent = 0; sent < frames; connections++) {
                ServerAddress victim = connections % 2 == 0 ? target.proxy() : target.server();
                boolean greets = connections % 3 != 0;
                try (RawPeer peer = new RawPeer(victim, 0, WELCOME_MILLIS)) {
                    if (greets) {
                        peer.greet();
                    }
                    peer.readWithin(READ_MILLIS);
                    boolean open = true;
                    for (int i = 0; i < FRAMES_PER_CONNECTION && open && sent < frames; i++, sent++) {
                        byte[] frame = sent < corpus.size() ? corpus.get(sent) : Malformed.random(run.random());
                        open = send(run, peer, frame);
                    }
                }
            }
            load.close();
            run.fault("malformed frame", frames);
            run.figure("connections", connections);
            run.figure("seconds_sending", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
            outcomes.forEach(run::figure);
            Usage after = target.settled(before);
            run.requireAtMost("buffers_left", after.buffers() - before.buffers(), 0);
            run.requireAtMost("heap_mb", Target.megabytes(after.heapBytes() - before.heapBytes()), MAX_HEAP_MB);
            run.requireAtMost("direct_mb", Target.megabytes(after.directBytes() - before.directBytes()), MAX_DIRECT_MB);
            run.require(run.ledger().typedErrors() == 0, run.ledger().typedErrors() + " requests of others failed");
        }
    }

    /** Sends a frame and reads what comes of it. False if that was the end of the connection. */
    private boolean send(GateRun run, RawPeer peer, byte[] frame) {
        try {
            peer.send(frame);
            peer.flush();
            for (byte[] answer = peer.read(); answer != null; answer = peer.read()) {
                WireAnswer told = WireAnswer.of(answer, secret -> run.miss("S6: " + secret));
                count(told.outcome());
                if (told.isLastWord()) {
                    count("closed");
                    return false;
                }
                if (frame.length > Integer.BYTES + Frames.BODY_OFFSET) {
                    return true;
                }
            }
            count("closed");
            return false;
        } catch (SocketTimeoutException e) {
            // It waits for the rest of the frame, for as long as a slow line may take: the connection is of no use now.
            count("waits for the rest");
            return false;
        } catch (SocketException e) {
            count("closed");
            return false;
        } catch (IOException e) {
            run.miss("an answer that is no frame: " + e.getMessage());
            return false;
        }
    }

    private void count(String outcome) {
        outcomes.merge("frames " + outcome, 1L, Long::sum);
    }
}
