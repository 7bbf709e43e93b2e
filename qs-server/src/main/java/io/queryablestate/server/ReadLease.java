package io.queryablestate.server;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What stands between a reader and the end of the state it reads. This is the class that keeps a task manager alive: a
 * read that touches native memory after its owner has freed it ends the process, and a read that touches a live heap
 * table can ruin it.
 *
 * <p>A lease is taken when a read starts to touch the state and given back when it no longer does, before its answer is
 * delivered. It is never held by a read that only waits for its turn: a queue may be long, and the one who closes the
 * state would wait for all of it. Closing is two steps. {@link #refuse()} makes every later {@link #acquire()} fail;
 * {@link #awaitReturned} then waits for the leases that are out. Any number of threads may close at once and each of
 * them waits, so each may free the state when it has waited.
 *
 * <p>All of it is one word: the number of leases that are out, and the sign bit once leases are refused.
 *
 * <pre>
 *   0 … n          open, n leases are out
 *   REFUSED + n    refused, n leases are out
 *   REFUSED        refused and all are back; final, because acquiring fails without a write
 * </pre>
 *
 * Whoever brings the word to {@code REFUSED}, the last reader or the one who refuses while no lease is out, opens the
 * latch, and since the word never changes again, exactly one thread does. What a reader did to the state happens before
 * its release (an atomic update), that before the opening of the latch, and that before the return of
 * {@code awaitReturned}: the state may then be freed without further ado.
 *
 * <p>Waiting ignores interrupts, because a caller that goes on early is about to free what is being read; the interrupt
 * flag is set again before returning. It measures real time, not the registry's clock: it is the wait of a real thread.
 */
final class ReadLease {

    private static final int REFUSED = Integer.MIN_VALUE;

    private final AtomicInteger word = new AtomicInteger();
    private final CountDownLatch returned = new CountDownLatch(1);

    /** Takes a lease, which must be given back by {@link #release()}; false if leases are refused. */
    boolean acquire() {
        int seen = word.get();
        while (seen >= 0) {
            if (word.weakCompareAndSetVolatile(seen, seen + 1)) {
                return true;
            }
            seen = word.get();
        }
        return false;
    }

    /** Gives one lease back. */
    void release() {
        if (word.decrementAndGet() == REFUSED) {
            returned.countDown();
        }
    }

    /** Whether no more leases are given. */
    boolean isRefused() {
        return word.get() < 0;
    }

    /** Gives no more leases. The second and later calls do nothing. */
    void refuse() {
        if (word.getAndUpdate(seen -> seen | REFUSED) == 0) {
            returned.countDown();
        }
    }

    /** How many leases are out. */
    int out() {
        return word.get() & ~REFUSED;
    }

    /**
     * Waits, whatever interrupts it, until leases are refused and all are back.
     *
     * @return false if the time was up first
     */
    boolean awaitReturned(long timeoutNanos) {
        long end = System.nanoTime() + timeoutNanos;
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return returned.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
