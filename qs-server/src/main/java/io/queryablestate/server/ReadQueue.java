package io.queryablestate.server;

import io.queryablestate.messages.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads that wait for a thread, first in, first out, bounded in keys and in bytes, and those that such a thread has
 * taken. Thread-safe; no asker is answered under the lock.
 *
 * <p>Deadlines are kept by one task of the timer for the whole queue and not by one for each read: a <em>sweep</em> at
 * the earliest deadline, or after half a second so that reads of askers that have gone do not stay. While reads come and
 * go quickly this is two timer tasks a second, whatever the load. A read may end late by two grains of 10 ms, the price
 * of a bounded number of sweeps. Reads that are running past their deadline are answered too; the thread that runs them
 * finds out at its next check.
 */
final class ReadQueue {

    private static final long SWEEP_GRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long MAX_SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    /** A full queue is searched for abandoned reads no more often than this: a flood must not cost a search each. */
    private static final long SEARCH_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final RegistryContext context;
    private final int maxKeys;
    private final long maxBytes;
    private final Object lock = new Object();

    private final Deque<ReadTask> waiting = new ArrayDeque<>();
    private final List<ReadTask> running = new ArrayList<>();
    private int waitingKeys;
    private long waitingBytes;
    /** No waiting read has an earlier deadline; only of meaning while reads wait. */
    private long earliestDeadline;

    private boolean searched;
    private long lastSearch;
    private boolean sweepScheduled;
    private long nextSweep;

    ReadQueue(RegistryContext context, int maxKeys, long maxBytes) {
        this.context = context;
        this.maxKeys = maxKeys;
        this.maxBytes = maxBytes;
    }

    /** Takes the read in, or answers it. In a full queue, reads that became pointless make room first. */
    boolean offer(ReadTask read) {
        long now = context.now();
        if (read.isPointless(now)) {
            read.drop();
            return false;
        }
        List<ReadTask> pointless = List.of();
        boolean closed;
        boolean accepted = false;
        synchronized (lock) {
            // Closing a state refuses leases first and comes for its waiting reads then, under this lock: a read that
            // gets in here is seen by it.
            closed = read.target().isClosed();
            if (!closed) {
                if (!hasRoomFor(read) && isWorthSearching(now)) {
                    pointless = removePointless(now);
                }
                accepted = hasRoomFor(read);
                if (accepted) {
                    add(read, now);
                }
            }
        }
        pointless.forEach(ReadTask::drop);
        if (closed) {
            read.fail(ErrorCode.UNKNOWN_KV_STATE_ID, RegisteredKvState.UNREGISTERED);
        } else if (!accepted) {
            read.fail(ErrorCode.OVERLOADED, "the queue of " + maxKeys + " reads or " + maxBytes + " bytes is full");
        }
        return accepted;
    }

    /** The next read to run, to be followed by {@link #ran}; null if none waits. */
    @Nullable
    ReadTask take() {
        return take(() -> {});
    }

    /** As {@link #take()}; if no read waits, runs a short task before any other read can come in. */
    @Nullable
    ReadTask take(Runnable ifNone) {
        synchronized (lock) {
            ReadTask read = waiting.poll();
            if (read == null) {
                ifNone.run();
            } else {
                left(read);
                running.add(read);
            }
            return read;
        }
    }

    /** A read that was taken no longer runs. One that is not finished waits again, behind the others. */
    void ran(ReadTask read) {
        boolean closed = false;
        synchronized (lock) {
            running.remove(read);
            if (!read.isFinished()) {
                closed = read.target().isClosed();
                if (!closed) {
                    add(read, context.now());
                }
            }
        }
        if (closed) {
            read.fail(ErrorCode.UNKNOWN_KV_STATE_ID, RegisteredKvState.UNREGISTERED);
        }
    }

    /** Fails the waiting reads of a closed state. */
    void failWaitingOf(RegisteredKvState state, ErrorCode code, String text) {
        List<ReadTask> removed = new ArrayList<>();
        synchronized (lock) {
            removeIf(read -> read.target() == state, removed);
        }
        removed.forEach(read -> read.fail(code, text));
    }

    /** Fails all waiting reads. */
    void failWaiting(ErrorCode code, String text) {
        List<ReadTask> removed;
        synchronized (lock) {
            removed = List.copyOf(waiting);
            waiting.clear();
            waitingKeys = 0;
            waitingBytes = 0;
        }
        removed.forEach(read -> read.fail(code, text));
    }

    /** Answers the reads of a closed state that are running. */
    void failRunningOf(RegisteredKvState state, ErrorCode code, String text) {
        List<ReadTask> taken;
        synchronized (lock) {
            taken = running.stream().filter(read -> read.target() == state).toList();
        }
        taken.forEach(read -> read.fail(code, text));
    }

    /** How many keys wait to be read. */
    int size() {
        synchronized (lock) {
            return waitingKeys;
        }
    }

    /** A batch may exceed the number of keys: it could never come in if it had to fit. */
    private boolean hasRoomFor(ReadTask read) {
        return waitingKeys < maxKeys && waitingBytes + read.bytes() <= maxBytes;
    }

    private boolean isWorthSearching(long now) {
        return !searched || now - lastSearch >= SEARCH_NANOS || now - earliestDeadline >= 0;
    }

    private void add(ReadTask read, long now) {
        if (waiting.isEmpty() || read.deadlineNanos() - earliestDeadline < 0) {
            earliestDeadline = read.deadlineNanos();
        }
        waiting.add(read);
        waitingKeys += read.keys();
        waitingBytes += read.bytes();
        scheduleSweep(now, read.deadlineNanos());
    }

    private void left(ReadTask read) {
        waitingKeys -= read.keys();
        waitingBytes -= read.bytes();
    }

    /** In bulk, since each removal from the middle of a long queue would move the rest. */
    private void removeIf(Predicate<ReadTask> condition, List<ReadTask> removed) {
        waiting.removeIf(read -> {
            if (!condition.test(read)) {
                return false;
            }
            left(read);
            return removed.add(read);
        });
    }

    private List<ReadTask> removePointless(long now) {
        List<ReadTask> removed = new ArrayList<>();
        removeIf(read -> read.isPointless(now), removed);
        long earliest = Long.MAX_VALUE;
        for (ReadTask read : waiting) {
            earliest = Math.min(earliest, read.deadlineNanos() - now);
        }
        earliestDeadline = now + earliest;
        searched = true;
        lastSearch = now;
        return removed;
    }

    private void scheduleSweep(long now, long deadline) {
        long delay = Math.max(SWEEP_GRAIN_NANOS, Math.min(deadline - now, MAX_SWEEP_NANOS));
        long at = now + delay;
        if (!sweepScheduled || at - nextSweep < -SWEEP_GRAIN_NANOS) {
            sweepScheduled = true;
            nextSweep = at;
            context.timer().schedule(delay, () -> sweep(at));
        }
    }

    private void sweep(long at) {
        long now = context.now();
        List<ReadTask> pointless;
        synchronized (lock) {
            if (!sweepScheduled || at != nextSweep) {
                return; // An earlier sweep was scheduled since, and that one goes on.
            }
            sweepScheduled = false;
            pointless = removePointless(now);
            if (!waiting.isEmpty()) {
                scheduleSweep(now, earliestDeadline);
            }
            for (ReadTask read : running) {
                if (read.isPointless(now)) {
                    pointless.add(read);
                } else {
                    scheduleSweep(now, read.deadlineNanos());
                }
            }
        }
        pointless.forEach(ReadTask::drop);
    }
}
