package io.queryablestate.gates;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A control thread that wants to wake up each millisecond and notes how late it was. What the machine does to it, it does
 * to every other thread of the process, so lateness is judged on top of it.
 */
final class Stalls implements AutoCloseable {

    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long NOTED_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final ConcurrentLinkedQueue<Stall> stalls = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::watch, "stalls");

    Stalls() {
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        long before = System.nanoTime();
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(STEP_NANOS);
            long now = System.nanoTime();
            if (now - before > NOTED_NANOS) {
                stalls.add(new Stall(before, now));
            }
            before = now;
        }
    }

    /** How long the process stood still, all in all, between two times. */
    long nanosBetween(long startNanos, long endNanos) {
        long sum = 0;
        for (Stall stall : stalls) {
            sum += Math.max(0, Math.min(endNanos, stall.endNanos) - Math.max(startNanos, stall.startNanos));
        }
        return sum;
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private record Stall(long startNanos, long endNanos) {}
}
