package io.queryablestate.gates;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
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
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** S7: names that nobody has ever used fill neither the proxy's location cache nor its heap. */
final class NameFloodGate implements Gate {

    private static final int NAMES = 1_000_000;
    private static final int IN_FLIGHT = 500;
    private static final int MAX_ENTRIES = 10_000;
    private static final double MAX_HEAP_MB = 10;
    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final byte[] KEY = KeyAndNamespace.serialize(Serializers.LONG, 1L);
    private static final int BUDGET_MILLIS = 10_000;
    private static final int READ_MILLIS = 10_000;
    private static final int SAMPLE_EVERY = 100_000;

    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong otherwise = new AtomicLong();

    @Override
    public void run(GateRun run) throws Exception {
        int names = run.times(NAMES, NAMES);
        try (Target target = new Target(run)) {
            Usage before = target.usage();
            long mostEntries = 0;
            try (RawPeer peer = new RawPeer(target.proxy(), 0, READ_MILLIS).greet()) {
                for (int done = 0; done < names; done += SAMPLE_EVERY) {
                    flood(peer, done, Math.min(SAMPLE_EVERY, names - done), run.seed());
                    mostEntries = Math.max(mostEntries, target.usage().cachedLocations());
                }
            }
            run.fault("made-up name", names);
            Usage after = target.usage();
            run.figure("answered_location_unknown", refused.get());
            run.require(
                    refused.get() == names && otherwise.get() == 0,
                    refused + " of " + names + " were refused as LOCATION_UNKNOWN, " + otherwise + " ended otherwise");
            run.requireAtMost("most_entries", Math.max(mostEntries, after.cachedLocations()), MAX_ENTRIES);
            run.requireAtLeast("entries_seen", mostEntries, Math.min(names, MAX_ENTRIES) / 2.0);
            run.requireAtMost("heap_mb", Target.megabytes(after.heapBytes() - before.heapBytes()), MAX_HEAP_MB);
            target.endJob();
            run.requireAtMost("entries_after_job", entriesAfterJob(target), 0);
        }
    }

    private static long entriesAfterJob(Target target) throws IOException, InterruptedException {
        long end = System.nanoTime() + SETTLE_NANOS;
        long entries = target.usage().cachedLocations();
        while (entries > 0 && System.nanoTime() < end) {
            entries = target.usage().cachedLocations();
        }
        return entries;
    }

    private void flood(RawPeer peer, int from, int count, long seed) throws InterruptedException, IOException {
        Semaphore free = new Semaphore(IN_FLIGHT);
        Thread reader = new Thread(() -> readAnswers(peer, count, free), "answers");
        reader.start();
        for (int i = 0; i < count; i++) {
            if (!free.tryAcquire()) {
                peer.flush();
                if (!free.tryAcquire(READ_MILLIS, TimeUnit.MILLISECONDS)) {
                    throw new IOException("no answer within " + READ_MILLIS + " ms");
                }
            }
            byte[] name = ("made-up-" + seed + "-" + (from + i)).getBytes(StandardCharsets.UTF_8);
            long id = from + i + 1L;
            peer.send(RawPeer.bytes(
                    out -> KvStateRequestCodec.encode(out, id, BUDGET_MILLIS, StampedState.JOB, name, 1, KEY)));
        }
        peer.flush();
        Ends.await(reader);
    }

    private void readAnswers(RawPeer peer, int count, Semaphore free) {
        try {
            for (int i = 0; i < count; i++) {
                byte[] frame = peer.read();
                if (frame == null) {
                    throw new IOException("the connection has ended");
                }
                ByteBuf answer = Unpooled.wrappedBuffer(frame);
                boolean failure = answer.getUnsignedShort(Frames.TYPE_OFFSET) == MessageType.FAILURE.number();
                boolean unknown =
                        failure && Failure.decode(answer, 0, frame.length).code() == ErrorCode.LOCATION_UNKNOWN;
                (unknown ? refused : otherwise).incrementAndGet();
                free.release();
            }
        } catch (IOException e) {
            otherwise.incrementAndGet();
        }
    }
}
