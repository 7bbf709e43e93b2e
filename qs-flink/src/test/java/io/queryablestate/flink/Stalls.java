package io.queryablestate.flink;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a busy machine adds to a deadline: the control for tests of deadlines. A timer hands over to another thread, as the
 * end of a lookup does, every five milliseconds; how late the latest one came is the longest stall.
 */
final class Stalls implements AutoCloseable {

    private static final long PERIOD_MILLIS = 5;

    private final AtomicLong longestNanos = new AtomicLong();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService callbacks = Executors.newSingleThreadExecutor();
    private long dueNanos = System.nanoTime();

    Stalls() {
        scheduleNext();
    }

    long longestMillis() {
        return TimeUnit.NANOSECONDS.toMillis(longestNanos.get());
    }

    private void scheduleNext() {
        dueNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS);
        timer.schedule(this::handOver, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void handOver() {
        long due = dueNanos;
        callbacks.execute(() -> longestNanos.accumulateAndGet(System.nanoTime() - due, Math::max));
        scheduleNext();
    }

    @Override
    public void close() {
        timer.shutdownNow();
        callbacks.shutdown();
    }
}
