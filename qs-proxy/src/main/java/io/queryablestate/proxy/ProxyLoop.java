package io.queryablestate.proxy;

import io.queryablestate.network.EventLoopContext;
import io.queryablestate.network.PeerConnections;
import io.queryablestate.network.RetryBudget;
import io.queryablestate.routing.LocationCache;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * What one event loop of a proxy owns: its connections to state servers, its recent locations, its retry budget. A
 * request lives on one of these from its first byte to its last.
 */
final class ProxyLoop {

    private final EventLoopContext context;
    private final LocationCache locations;
    private final ProxyOptions options;
    private final PeerConnections connections;
    private final RecentLocations recent = new RecentLocations();
    private final RetryBudget retries;
    private final HeldServers heldServers;
    private final StateServerFailures failures = new StateServerFailures();

    ProxyLoop(EventLoopContext context, LocationCache locations, ProxyOptions options) {
        this.context = context;
        this.locations = locations;
        this.options = options;
        this.connections = new PeerConnections(context, options.upstream());
        this.retries = new RetryBudget(context.nanoTime());
        this.heldServers = new HeldServers(context.nanoTime());
    }

    EventLoopContext context() {
        return context;
    }

    LocationCache locations() {
        return locations;
    }

    RecentLocations recent() {
        return recent;
    }

    PeerConnections connections() {
        return connections;
    }

    /** Lets go of locations that the cache has dropped. Any thread. */
    void forgetStaleLocations() {
        try {
            context.loop().execute(recent::forgetStale);
        } catch (RejectedExecutionException e) {
            // The loop has ended, and what it held goes with it.
        }
    }

    /** Closes the connections to the state servers. Any thread; completes when that is done. */
    CompletableFuture<Void> close() {
        return CompletableFuture.runAsync(connections::close, context.loop());
    }

    int maxAttempts() {
        return options.maxAttempts();
    }

    StateServerFailures failures() {
        return failures;
    }

    HeldServers heldServers() {
        return heldServers;
    }

    RetryBudget retries() {
        return retries;
    }

    /** The time until a deadline, as a request tells it. */
    int remainingMillis(long deadlineNanos) {
        return (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - context.nanoTime()));
    }

    long retryPauseNanos(int failures) {
        return options.retryPause().nanosAfter(failures, ThreadLocalRandom.current());
    }
}
