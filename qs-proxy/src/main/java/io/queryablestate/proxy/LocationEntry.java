package io.queryablestate.proxy;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.QueryableStateException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One state in the cache: its location, or the lookup for it.
 *
 * <p>There is at most one lookup at a time, and its end, whichever way, always clears the place for the next: a lookup
 * that failed, threw or never answered leaves nothing behind but the time it was started, before which no other one
 * starts within the minimum interval. Futures are completed outside the lock.
 */
final class LocationEntry {

    private static final Logger LOG = LoggerFactory.getLogger(LocationEntry.class);

    private final LocationKey key;
    private final LookupOptions options;
    private @Nullable CachedLocation current;
    private @Nullable CompletableFuture<CachedLocation> lookup;
    private long notBeforeNanos;

    LocationEntry(LocationKey key, LookupOptions options) {
        this.key = key;
        this.options = options;
        this.notBeforeNanos = options.nanoTime().getAsLong();
    }

    CompletableFuture<CachedLocation> get(
            LocationOracle oracle, @Nullable CachedLocation stale, ScheduledExecutorService timer) {
        CompletableFuture<CachedLocation> started;
        long delayNanos;
        synchronized (this) {
            if (stale != null) {
                stale.markStale();
            }
            CachedLocation known = current;
            if (known != null && !known.isStale()) {
                return CompletableFuture.completedFuture(known);
            }
            current = null;
            CompletableFuture<CachedLocation> underWay = lookup;
            if (underWay != null) {
                return underWay;
            }
            started = new CompletableFuture<>();
            lookup = started;
            long now = options.nanoTime().getAsLong();
            delayNanos = Math.max(0, notBeforeNanos - now);
            notBeforeNanos = now + delayNanos + options.minInterval().toNanos();
        }
        if (delayNanos == 0) {
            start(oracle, started, timer);
        } else {
            timer.schedule(() -> start(oracle, started, timer), delayNanos, TimeUnit.NANOSECONDS);
        }
        return started;
    }

    /** The cache has let go of this entry: whoever still holds its location is to ask again. */
    synchronized void drop() {
        if (current != null) {
            current.markStale();
        }
    }

    private void start(
            LocationOracle oracle, CompletableFuture<CachedLocation> started, ScheduledExecutorService timer) {
        CompletableFuture<KvStateLocation> answer;
        try {
            answer = oracle.locate(key.jobId(), key.stateName());
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        CompletableFuture<KvStateLocation> asked = answer;
        asked.whenComplete((location, failure) -> {
            if (failure == null) {
                succeed(started, location);
            } else {
                fail(started, typed(failure));
            }
        });
        if (!started.isDone()) {
            timer.schedule(
                    () -> {
                        fail(started, overdue());
                        asked.cancel(true);
                    },
                    options.timeout().toNanos(),
                    TimeUnit.NANOSECONDS);
        }
    }

    private void succeed(CompletableFuture<CachedLocation> started, @Nullable KvStateLocation location) {
        if (location == null
                || !location.jobId().equals(key.jobId())
                || !location.stateName().equals(key.stateName())) {
            fail(started, unknown("the oracle answered with the location of another state"));
            return;
        }
        CachedLocation found = new CachedLocation(location);
        synchronized (this) {
            if (lookup != started) {
                return;
            }
            lookup = null;
            current = found;
        }
        started.complete(found);
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
            return typed;
        }
        LOG.warn("The lookup of {} failed", key, cause);
        return unknown("the lookup of the state's location failed");
    }

    private QueryableStateException overdue() {
        return new QueryableStateException(
                ErrorCode.LOOKUP_TIMED_OUT,
                "the location of \"" + key.stateName() + "\" was not found within "
                        + options.timeout().toMillis() + " ms");
    }

    private static QueryableStateException unknown(String text) {
        return new QueryableStateException(ErrorCode.LOCATION_UNKNOWN, text);
    }
}
