package io.queryablestate.benchmarks;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a fixed number of requests under way for some time. Each answer begins the next request, on the thread that
 * brought it, so a peer that stalls is asked less: latencies compare peers and predict none under a given load.
 */
final class ClosedLoop {

    private static final long PATIENCE_SECONDS = 10;

    private final Supplier<Query> queries;
    private final Latencies latencies = new Latencies();
    private final CountDownLatch openLanes;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final int inFlight;
    private volatile boolean stopping;

    ClosedLoop(Supplier<Query> queries, int inFlight) {
        this.queries = queries;
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
            new Lane(queries.get()).next(System.nanoTime());
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
        return latencies.result(elapsed);
    }

    /** One request at a time. */
    private final class Lane implements Query.Outcome {

        private final Query query;
        private long startNanos;

        Lane(Query query) {
            this.query = query;
        }

        void next(long now) {
            startNanos = now;
            query.ask(this);
        }

        @Override
        public void right() {
            long now = System.nanoTime();
            latencies.record(now - startNanos);
            if (stopping) {
                openLanes.countDown();
            } else {
                next(now);
            }
        }

        @Override
        public void failed(Throwable cause) {
            failure.compareAndSet(null, cause);
            openLanes.countDown();
            stop.countDown();
        }
    }
}
