package io.queryablestate.client;

import io.queryablestate.messages.JobId;
import io.queryablestate.routing.CachedLocation;
import io.queryablestate.routing.LocationCache;
import io.queryablestate.routing.LocationKey;
import io.queryablestate.routing.LocationOracle;
import io.queryablestate.routing.LocationOracles;
import io.queryablestate.routing.LookupOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Where the states are that this client asks for directly, as far as its proxies have told. Nobody waits for a lookup: a
 * request whose location is not known, or out of date, goes to a proxy. Thread-safe.
 */
final class DirectRoutes {

    private static final Duration MIN_LOOKUP_INTERVAL = Duration.ofMillis(100);
    private static final int MAX_LOCATIONS = 10_000;

    private final LocationCache locations;

    /** Nothing is known yet. */
    DirectRoutes(Duration lookupTimeout, LocationOracle proxies) {
        LocationOracles oracles = new LocationOracles();
        oracles.updateForAllJobs(proxies);
        this.locations = new LocationCache(
                oracles, new LookupOptions(lookupTimeout, MIN_LOOKUP_INTERVAL, MAX_LOCATIONS, System::nanoTime));
    }

    /** The location of a state, if it is known; else it is looked up for later, with the help of {@code timer}. */
    @Nullable
    CachedLocation of(StateName state, JobId jobId, ScheduledExecutorService timer) {
        CachedLocation known = state.location();
        if (known != null && !known.isStale() && known.location().jobId().equals(jobId)) {
            return known;
        }
        CompletableFuture<CachedLocation> found = locations.get(new LocationKey(jobId, state.toString()), null, timer);
        if (!found.isDone() || found.isCompletedExceptionally()) {
            return null;
        }
        CachedLocation fresh = found.join();
        state.located(fresh);
        return fresh;
    }
}
