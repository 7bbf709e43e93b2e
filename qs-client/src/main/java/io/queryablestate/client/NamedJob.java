package io.queryablestate.client;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.QueryableStateException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The job that has a name: its id, or the lookup for it.
 *
 * <p>There is at most one lookup at a time, and whichever way it ends, the place is free for the next, which does not
 * start within {@link #MIN_INTERVAL} of its start. Futures are completed outside the lock. Thread-safe.
 */
final class NamedJob implements JobReference {

    static final Duration MIN_INTERVAL = Duration.ofMillis(500);

    private final JobName name;
    private final JobDirectory directory;
    private final Duration timeout;
    private final LongSupplier nanoTime;
    private volatile @Nullable JobId current;
    private @Nullable CompletableFuture<JobId> lookup;
    private long notBeforeNanos;

    /**
     * Nothing is known yet.
     *
     * @param timeout how long one lookup may take
     * @param nanoTime a clock, in nanoseconds
     */
    NamedJob(JobName name, JobDirectory directory, Duration timeout, LongSupplier nanoTime) {
        this.name = name;
        this.directory = directory;
        this.timeout = timeout;
        this.nanoTime = nanoTime;
        this.notBeforeNanos = nanoTime.getAsLong();
    }

    JobName name() {
        return name;
    }

    @Override
    public @Nullable JobId id() {
        return current;
    }

    /** Lets go of an id that no proxy knows, unless another one has been found meanwhile. */
    synchronized void forget(JobId dead) {
        if (dead.equals(current)) {
            current = null;
        }
    }

    /**
     * The id of the job, found by a lookup if none is known.
     *
     * @param timer starts a lookup that has to wait, and ends one that takes too long
     * @return fails with {@link QueryableStateException}; shared, so not to be cancelled
     */
    CompletableFuture<JobId> find(ScheduledExecutorService timer) {
        CompletableFuture<JobId> started;
        long delayNanos;
        synchronized (this) {
            JobId known = current;
            if (known != null) {
                return CompletableFuture.completedFuture(known);
            }
            if (lookup != null) {
                return lookup;
            }
            started = new CompletableFuture<>();
            lookup = started;
            long now = nanoTime.getAsLong();
            delayNanos = Math.max(0, notBeforeNanos - now);
            notBeforeNanos = now + delayNanos + MIN_INTERVAL.toNanos();
        }
        if (delayNanos == 0) {
            start(started, timer);
        } else {
            timer.schedule(() -> start(started, timer), delayNanos, TimeUnit.NANOSECONDS);
        }
        return started;
    }

    private void start(CompletableFuture<JobId> started, ScheduledExecutorService timer) {
        CompletableFuture<JobId> asked = ask();
        Future<?> overdue = timer.schedule(
                () -> {
                    end(started, null, overdue());
                    asked.cancel(true);
                },
                timeout.toNanos(),
                TimeUnit.NANOSECONDS);
        asked.whenComplete((id, failure) -> {
            overdue.cancel(false);
            end(started, id, failure);
        });
    }

    private CompletableFuture<JobId> ask() {
        try {
            return directory.find(name, timeout);
        } catch (Throwable e) {
            // Whatever it is, it must not leave the lookup in place: the name could never be looked up again.
            return CompletableFuture.failedFuture(e);
        }
    }

    private void end(CompletableFuture<JobId> started, @Nullable JobId found, @Nullable Throwable failure) {
        synchronized (this) {
            if (lookup != started) {
                return;
            }
            lookup = null;
            current = found;
        }
        if (found != null) {
            started.complete(found);
        } else {
            started.completeExceptionally(typed(failure));
        }
    }

    private QueryableStateException typed(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof QueryableStateException typed
                ? typed
                : new QueryableStateException(
                        ErrorCode.UNKNOWN_JOB, "the lookup of job \"" + name + "\" failed: " + cause, cause);
    }

    private QueryableStateException overdue() {
        return new QueryableStateException(
                ErrorCode.LOOKUP_TIMED_OUT,
                "the id of job \"" + name + "\" was not found within " + timeout.toMillis() + " ms");
    }
}
