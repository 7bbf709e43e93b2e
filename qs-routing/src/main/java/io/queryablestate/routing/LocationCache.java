package io.queryablestate.routing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.network.RateLimitedLog;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Where states are, as far as the oracles have been asked: bounded, dropped with the job, one lookup at a time for each
 * state. Thread-safe; shared by the event loops of a proxy or client.
 */
public final class LocationCache {

    private final LocationOracles oracles;
    private final LookupOptions options;
    /** One for all states: peers choose the names, so each could fail once. */
    private final RateLimitedLog log;

    private final Cache<LocationKey, LocationEntry> entries;

    /** An empty cache. */
    public LocationCache(LocationOracles oracles, LookupOptions options) {
        this.oracles = oracles;
        this.options = options;
        this.log = new RateLimitedLog(LoggerFactory.getLogger(LocationCache.class), options.nanoTime());
        this.entries = Caffeine.newBuilder()
                .maximumSize(options.maxEntries())
                .executor(Runnable::run)
                .<LocationKey, LocationEntry>removalListener((key, entry, cause) -> {
                    if (entry != null) {
                        entry.drop();
                    }
                })
                .build();
    }

    /**
     * The location of a state, from the cache or from a lookup that everybody who asks meanwhile joins.
     *
     * @param stale what the asker has found out of date; it is dropped if it is still what the cache holds
     * @param timer starts lookups that have to wait, and ends overdue ones
     * @return fails with {@link QueryableStateException} only; completed on any thread
     */
    public CompletableFuture<CachedLocation> get(
            LocationKey key, @Nullable CachedLocation stale, ScheduledExecutorService timer) {
        LocationEntry entry = entry(key);
        return entry == null ? CompletableFuture.failedFuture(unknownJob(key.jobId())) : entry.get(stale, timer);
    }

    /**
     * As {@link #get}, for somebody who has found what the cache may hold out of date and cannot say which answer that was: a
     * lookup is made in any case, as soon as the minimum interval allows. Until it ends, others are given what is known.
     */
    public CompletableFuture<CachedLocation> getAnew(LocationKey key, ScheduledExecutorService timer) {
        LocationEntry entry = entry(key);
        return entry == null ? CompletableFuture.failedFuture(unknownJob(key.jobId())) : entry.getAnew(timer);
    }

    /** Null if nobody knows the job. */
    private @Nullable LocationEntry entry(LocationKey key) {
        if (oracles.of(key.jobId()) == null) {
            return null;
        }
        LocationEntry entry = entries.get(key, absent -> new LocationEntry(absent, oracles, options, log));
        if (oracles.of(key.jobId()) == null) {
            // The job has ended meanwhile, and its entries may have been dropped before this one was made.
            entries.invalidate(key);
            return null;
        }
        return entry;
    }

    static QueryableStateException unknownJob(JobId jobId) {
        return new QueryableStateException(ErrorCode.UNKNOWN_JOB, "job " + jobId + " is not known here");
    }

    /** Drops everything of a job. */
    public void evict(JobId jobId) {
        entries.asMap().keySet().removeIf(key -> key.jobId().equals(jobId));
    }

    /** Drops everything. */
    public void evictAll() {
        entries.invalidateAll();
    }

    /** How many states the cache holds or has been asked for. */
    public long size() {
        entries.cleanUp();
        return entries.estimatedSize();
    }
}
