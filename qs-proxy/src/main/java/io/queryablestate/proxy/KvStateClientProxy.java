package io.queryablestate.proxy;

import io.queryablestate.messages.CatalogueEntry;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.network.RequestStats;
import io.queryablestate.network.ServerHealth;
import io.queryablestate.routing.LocationCache;
import io.queryablestate.routing.LocationOracle;
import io.queryablestate.routing.LocationOracles;
import io.queryablestate.routing.LookupOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The client proxy of one task manager: takes requests for a job and a state name, finds the state server that holds the
 * key, forwards the request and its answer, and retries when the location turns out to be stale.
 *
 * <p>Thread-safe. Started once; {@link #close()} ends it for good. Its threads are daemons.
 */
public final class KvStateClientProxy implements AutoCloseable {

    private final LocationOracles oracles = new LocationOracles();
    private final LocationCache locations;
    private final ProxyServer server;

    /**
     * A proxy that does not listen yet.
     *
     * @param catalogue lists the states that this task manager knows; called on event loops, returns at once
     * @param stats told of clients and requests
     */
    public KvStateClientProxy(ProxyOptions options, Supplier<List<CatalogueEntry>> catalogue, RequestStats stats) {
        LookupOptions lookups = new LookupOptions(
                options.lookupTimeout(), options.minLookupInterval(), options.maxCachedLocations(), System::nanoTime);
        this.locations = new LocationCache(oracles, lookups);
        this.server = new ProxyServer(options, locations, catalogue, stats);
    }

    /**
     * Binds a port and begins to serve.
     *
     * @throws IOException if no port of the range is free or the host does not resolve; the proxy is then closed
     * @throws IllegalStateException if it was started before, or would serve everyone on more than the loopback address
     *     and that is not {@linkplain io.queryablestate.network.ServerSecurity#insecureExposure() allowed}
     */
    public void start() throws IOException {
        server.start();
    }

    /**
     * Where clients reach it.
     *
     * @throws IllegalStateException if it is not listening
     */
    public ServerAddress address() {
        return server.address();
    }

    /**
     * Says who knows the locations of a job's states, from now on. Without an oracle its requests fail as {@code
     * UNKNOWN_JOB}. Cached locations of the job are dropped.
     *
     * @param oracle null for nobody: the job has ended, or its master is not known at the moment
     */
    public void updateLocationOracle(JobId jobId, @Nullable LocationOracle oracle) {
        oracles.update(jobId, oracle);
        evict(jobId);
    }

    /**
     * Says who knows the locations of all jobs, from now on; goes before the oracles of single jobs. All cached locations
     * are dropped.
     *
     * @param oracle null for nobody: the oracles of single jobs are asked again
     */
    public void updateLocationOracle(@Nullable LocationOracle oracle) {
        oracles.updateForAllJobs(oracle);
        locations.evictAll();
        server.forgetStaleLocations();
    }

    /** Drops what is cached of a job that has ended. */
    public void evict(JobId jobId) {
        locations.evict(jobId);
        server.forgetStaleLocations();
    }

    /** How many states the location cache holds. */
    public long cachedLocations() {
        return locations.size();
    }

    /** How far it is in its life. */
    public ServerHealth health() {
        return server.health();
    }

    /** Stops without waiting: serves what it has accepted for at most the drain timeout. Never fails. */
    public CompletableFuture<Void> stop() {
        return server.stop();
    }

    /**
     * Stops as the end of the process would: connections are reset, what is under way is dropped. For tests. Never fails.
     */
    public CompletableFuture<Void> kill() {
        return server.kill();
    }

    /** Stops and waits for the end. */
    @Override
    public void close() {
        server.close();
    }
}
