package io.queryablestate.routing;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.network.RateLimitedLog;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One state in the cache: its location, or the lookup for it.
 *
 * <p>There is at most one lookup at a time, and its end, whichever way, always clears the place for the next: a lookup
 * that failed, threw or never answered leaves nothing behind but the time it was started, before which no other one
 * starts within the minimum interval. Futures are completed outside the lock.
 */
final class LocationEntry {

    private final LocationKey key;
    private final LocationOracles oracles;
    private final LookupOptions options;
    private final RateLimitedLog log;
    private @Nullable CachedLocation current;
    private @Nullable CompletableFuture<CachedLocation> lookup;
    private boolean dropped;
    private boolean found;
    private long notBeforeNanos;

    LocationEntry(LocationKey key, LocationOracles oracles, LookupOptions options, RateLimitedLog log) {
        this.key = key;
        this.oracles = oracles;
        this.options = options;
        this.log = log;
        this.notBeforeNanos = options.nanoTime().getAsLong();
    }

    CompletableFuture<CachedLocation> get(@Nullable CachedLocation stale, ScheduledExecutorService timer) {
        Joined joined;
        synchronized (this) {
            if (stale != null) {
                stale.markStale();
            }
            CachedLocation known = current;
            if (known != null && !known.isStale()) {
                return CompletableFuture.completedFuture(known);
            }
            current = null;
            // Before the lock is given back: a lookup that ends in between would be made a second time.
            joined = join();
        }
        return started(joined, timer);
    }

    /** Joins the lookup that is under way, or starts one, whatever is known. */
    CompletableFuture<CachedLocation> getAnew(ScheduledExecutorService timer) {
        return started(join(), timer);
    }

    /**
     * A lookup that somebody waits for.
     *
     * @param isNew whether whoever has joined it is the first, who starts it
     * @param delayNanos how long the first waits before that
     */
    private record Joined(CompletableFuture<CachedLocation> lookup, boolean isNew, long delayNanos) {}

    private synchronized Joined join() {
        CompletableFuture<CachedLocation> underWay = lookup;
        if (underWay != null) {
            return new Joined(underWay, false, 0);
        }
        CompletableFuture<CachedLocation> begun = new CompletableFuture<>();
        lookup = begun;
        long now = options.nanoTime().getAsLong();
        long delayNanos = Math.max(0, notBeforeNanos - now);
        notBeforeNanos = now + delayNanos + options.minInterval().toNanos();
        return new Joined(begun, true, delayNanos);
    }

    private CompletableFuture<CachedLocation> started(Joined joined, ScheduledExecutorService timer) {
        if (joined.isNew() && joined.delayNanos() == 0) {
            start(joined.lookup(), timer);
        } else if (joined.isNew()) {
            timer.schedule(() -> start(joined.lookup(), timer), joined.delayNanos(), TimeUnit.NANOSECONDS);
        }
        return joined.lookup();
    }

    /**
     * The cache has let go of this entry: whoever holds its location is to ask again, and whoever waits for its lookup
     * may use the answer once.
     */
    synchronized void drop() {
        dropped = true;
        if (current != null) {
            current.markStale();
        }
    }

    private void start(CompletableFuture<CachedLocation> started, ScheduledExecutorService timer) {
        CompletableFuture<KvStateLocation> asked = ask();
        Future<?> timeout = timer.schedule(
                () -> {
                    fail(started, overdue());
                    asked.cancel(true);
                },
                options.timeout().toNanos(),
                TimeUnit.NANOSECONDS);
        asked.whenComplete((location, failure) -> {
            timeout.cancel(false);
            if (failure == null) {
                succeed(started, location);
            } else if (!started.isDone()) {
                fail(started, typed(failure));
            }
        });
    }

    /**
     * Asks whoever is the oracle now, not when the entry was made: a new oracle is set before the entries of its job are
     * dropped, so no entry made after that holds an answer of the old one.
     */
    private CompletableFuture<KvStateLocation> ask() {
        LocationOracle oracle = oracles.of(key.jobId());
        if (oracle == null) {
            return CompletableFuture.failedFuture(LocationCache.unknownJob(key.jobId()));
        }
        try {
            CompletableFuture<KvStateLocation> answer = isFoundBefore()
                    ? oracle.locateAnew(key.jobId(), key.stateName())
                    : oracle.locate(key.jobId(), key.stateName());
            return answer == null
                    ? CompletableFuture.failedFuture(new IllegalStateException("the oracle answered with no future"))
                    : answer;
        } catch (Throwable e) {
            // Whatever it is, it must not leave the lookup in place: nobody could ask for this state again.
            return CompletableFuture.failedFuture(e);
        }
    }

    private synchronized boolean isFoundBefore() {
        return found;
    }

    private void succeed(CompletableFuture<CachedLocation> started, @Nullable KvStateLocation location) {
        if (location == null
                || !location.jobId().equals(key.jobId())
                || !location.stateName().equals(key.stateName())) {
            fail(started, unknown("the oracle answered with the location of another state"));
            return;
        }
        if (key.concealed()) {
            fail(started, absent());
            return;
        }
        CachedLocation answer = new CachedLocation(location);
        synchronized (this) {
            if (lookup != started) {
                return;
            }
            lookup = null;
            if (current != null) {
                // It may still be in use where it was found.
                current.markStale();
            }
            current = answer;
            found = true;
            if (dropped) {
                answer.markStale();
            }
        }
        started.complete(answer);
    }

    private void fail(CompletableFuture<CachedLocation> started, QueryableStateException failure) {
        synchronized (this) {
            if (lookup != started) {
                return;
            }
            lookup = null;
        }
        started.completeExceptionally(failure);
    }

    private QueryableStateException typed(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof QueryableStateException typed) {
            // Whatever the oracle says of a state that it does not know, a concealed one must be spoken of likewise.
            return typed.code() == ErrorCode.LOCATION_UNKNOWN ? absent() : typed;
        }
        // Without the state's name, which is a peer's text.
        log.warn("The lookup of a state of job " + key.jobId() + " failed", cause);
        return unknown("the lookup of the state's location failed");
    }

    private QueryableStateException overdue() {
        return new QueryableStateException(
                ErrorCode.LOOKUP_TIMED_OUT,
                "the location of \"" + key.stateName() + "\" was not found within "
                        + options.timeout().toMillis() + " ms");
    }

    private QueryableStateException absent() {
        return unknown("no state \"" + key.stateName() + "\" of job " + key.jobId() + " is registered (yet)");
    }

    private static QueryableStateException unknown(String text) {
        return new QueryableStateException(ErrorCode.LOCATION_UNKNOWN, text);
    }
}
