package io.queryablestate.benchmarks;

import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes requests at a fixed rate, however long the earlier ones take. The latency of a request begins at the moment for
 * which it was planned, not when it was sent: a peer that stalls, or a client that may not have more requests under way,
 * delays the requests that follow, and their askers would have waited. That is what a closed loop leaves out
 * (coordinated omission).
 */
final class OpenLoop {

    private static final long PATIENCE_SECONDS = 20;

    private final Supplier<Query> queries;
    private final int perSecond;
    private final int maxInFlight;
    private final Pace pace;
    private final Latencies latencies = new Latencies();
    private final Semaphore free;
    private final ConcurrentLinkedQueue<Lane> idle = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /**
     * A generator that has not begun.
     *
     * @param maxInFlight beyond it requests are sent late, their latencies counting from when they were planned
     */
    OpenLoop(Supplier<Query> queries, int perSecond, int maxInFlight, Pace pace) {
        this.queries = queries;
        this.perSecond = perSecond;
        this.maxInFlight = maxInFlight;
        this.pace = pace;
        this.free = new Semaphore(maxInFlight);
    }

    /**
     * Runs once: makes all requests that are planned for so long, and waits for their ends.
     *
     * @throws IllegalStateException if an answer was wrong, a request failed or did not end
     */
    LoadResult run(Duration duration) throws InterruptedException {
        long planned = perSecond * duration.toNanos() / TimeUnit.SECONDS.toNanos(1);
        long start = pace.nanoTime();
        for (long i = 0; i < planned && failure.get() == null; i++) {
            // Computed from the start each time: rounding does not add up.
            long intended = start + i * TimeUnit.SECONDS.toNanos(1) / perSecond;
            while (intended - pace.nanoTime() > 0) {
                pace.waitUntil(intended);
            }
            acquire(1);
            Lane lane = idle.poll();
            (lane == null ? new Lane(queries.get()) : lane).next(intended);
        }
        acquire(maxInFlight);
        Throwable cause = failure.get();
        if (cause != null) {
            throw new IllegalStateException("a request failed: " + cause, cause);
        }
        return latencies.result(pace.nanoTime() - start);
    }

    private void acquire(int lanes) throws InterruptedException {
        if (!free.tryAcquire(lanes, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("requests have not ended within " + PATIENCE_SECONDS + " s");
        }
    }

    /** One request at a time. */
    private final class Lane implements Query.Outcome {

        private final Query query;
        private long intendedNanos;

        Lane(Query query) {
            this.query = query;
        }

        void next(long intended) {
            intendedNanos = intended;
            query.ask(this);
        }

        @Override
        public void right() {
            latencies.record(pace.nanoTime() - intendedNanos);
            end();
        }

        @Override
        public void failed(Throwable cause) {
            failure.compareAndSet(null, cause);
            end();
        }

        private void end() {
            idle.add(this);
            free.release();
        }
    }
}
