package io.queryablestate.benchmarks;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a fixed number of requests under way for some time and checks every answer. Each answer begins the next request,
 * on the thread that brought it.
 */
final class ClosedLoop {

    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int DIGITS = 3;
    private static final long PATIENCE_SECONDS = 10;

    private final KeyReader reader;
    private final Recorder latencies = new Recorder(LONGEST_NANOS, DIGITS);
    private final CountDownLatch openLanes;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final int inFlight;
    private volatile boolean stopping;

    ClosedLoop(KeyReader reader, int inFlight) {
        this.reader = reader;
        this.inFlight = inFlight;
        this.openLanes = new CountDownLatch(inFlight);
    }

    /**
     * Runs once, to the end of the last request.
     *
     * @throws IllegalStateException if an answer was wrong, a request failed or did not end
     */
    LoadResult run(Duration duration) throws InterruptedException {
        long start = System.nanoTime();
        for (int i = 0; i < inFlight; i++) {
            new Lane().next(System.nanoTime());
        }
        boolean failed = stop.await(duration.toNanos(), TimeUnit.NANOSECONDS);
        stopping = true;
        if (!failed && !openLanes.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(openLanes.getCount() + " requests have not ended");
        }
        long elapsed = System.nanoTime() - start;
        Throwable cause = failure.get();
        if (cause != null) {
            throw new IllegalStateException("a request failed: " + cause, cause);
        }
        Histogram nanos = latencies.getIntervalHistogram();
        return new LoadResult(
                nanos.getTotalCount(), elapsed, nanos.getValueAtPercentile(50), nanos.getValueAtPercentile(99));
    }

    /** One request at a time. */
    private final class Lane implements KeyReader.Answer {

        private long key;
        private long startNanos;

        void next(long now) {
            key = Workload.randomKey();
            startNanos = now;
            reader.get(key, this);
        }

        @Override
        public void value(byte[] value) {
            long now = System.nanoTime();
            latencies.recordValue(Math.min(now - startNanos, LONGEST_NANOS));
            if (!Workload.isValueOf(key, value)) {
                failure(new IllegalStateException("a wrong value for key " + key));
            } else if (stopping) {
                openLanes.countDown();
            } else {
                next(now);
            }
        }

        @Override
        public void failure(Throwable cause) {
            failure.compareAndSet(null, cause);
            openLanes.countDown();
            stop.countDown();
        }
    }
}
