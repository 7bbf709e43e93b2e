package io.queryablestate.flink;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.apache.flink.queryablestate.exceptions.UnknownKeyOrNamespaceException;

/**
 * Lookups as fast as they are answered, 32 in flight, until closed. Counts what came of them; a wrong answer is one that
 * the check, which the lookup ends with, has thrown an {@link AssertionError} for.
 */
final class Lookups implements AutoCloseable {

    private static final int IN_FLIGHT = 32;

    final AtomicLong right = new AtomicLong();
    final AtomicLong absent = new AtomicLong();
    final AtomicLong failed = new AtomicLong();
    final Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();

    private final LongFunction<CompletableFuture<?>> lookup;
    private final Semaphore free = new Semaphore(IN_FLIGHT);
    private volatile boolean closed;

    /**
     * Starts.
     *
     * @param lookup makes the n-th lookup and checks its answer
     */
    Lookups(LongFunction<CompletableFuture<?>> lookup) {
        this.lookup = lookup;
        Thread thread = new Thread(this::run, "lookups");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public String toString() {
        return right + " right, " + absent + " absent, " + failed + " failed, " + wrong.size() + " wrong";
    }

    private void run() {
        for (long n = 0; !closed; n++) {
            free.acquireUninterruptibly();
            if (!closed) {
                lookup.apply(n).whenComplete((answer, failure) -> {
                    count(failure);
                    free.release();
                });
            }
        }
        free.release();
    }

    private void count(Throwable failure) {
        Throwable cause = failure;
        while (cause != null && cause.getCause() != null && !(cause instanceof AssertionError)) {
            cause = cause.getCause();
        }
        if (cause == null) {
            right.incrementAndGet();
        } else if (cause instanceof AssertionError) {
            wrong.add(cause);
        } else if (cause instanceof UnknownKeyOrNamespaceException) {
            absent.incrementAndGet();
        } else {
            failed.incrementAndGet();
        }
    }

    /** Makes no more, waits up to ten seconds for those in flight, and tells how many of them are without an answer. */
    int stop() {
        closed = true;
        boolean allAnswered;
        try {
            allAnswered = free.tryAcquire(IN_FLIGHT, 10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while lookups were under way", e);
        }
        if (allAnswered) {
            free.release(IN_FLIGHT);
            return 0;
        }
        return IN_FLIGHT - free.availablePermits();
    }

    /** As {@link #stop}, and none may be left without an answer. */
    @Override
    public void close() {
        int unanswered = stop();
        if (unanswered > 0) {
            throw new AssertionError(unanswered + " lookups were never answered");
        }
    }
}
