package io.queryablestate.embedded;

import io.queryablestate.messages.JobId;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.network.CountingStats;
import io.queryablestate.proxy.KvStateClientProxy;
import io.queryablestate.proxy.ProxyOptions;
import io.queryablestate.routing.LocationOracle;
import io.queryablestate.server.KvStateInfo;
import io.queryablestate.server.KvStateListener;
import io.queryablestate.server.KvStateRegistration;
import io.queryablestate.server.KvStateRegistry;
import io.queryablestate.server.KvStateRegistryOptions;
import io.queryablestate.server.KvStateServer;
import io.queryablestate.server.RegisteredKvState;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One life of a task manager, from its start to its end: the states it has registered, the state server that reads them,
 * and a proxy that lists them. Thread-safe.
 */
final class TaskManagerProcess {

    private static final Duration STOP_GRACE = Duration.ofSeconds(5);

    private final int index;
    private final LocationRegistry locations;
    private final KvStateRegistry registry;
    private final KvStateServer server;
    private final KvStateClientProxy proxy;
    private final Duration stopTimeout;
    private volatile boolean up = true;
    private volatile boolean dead;

    private TaskManagerProcess(
            int index,
            ClusterOptions options,
            LocationRegistry locations,
            CountingStats proxyStats,
            CountingStats serverStats) {
        this.index = index;
        this.locations = locations;
        this.registry = new KvStateRegistry(KvStateRegistryOptions.builder().build());
        ProxyOptions proxyOptions = options.proxyOptions();
        this.proxy = new KvStateClientProxy(proxyOptions, registry::catalogue, proxyStats);
        this.server = new KvStateServer(options.serverOptions(), registry, serverStats);
        this.stopTimeout = options.drainTimeout().plus(STOP_GRACE);
        registry.addListener(new Notices());
    }

    /**
     * Starts a task manager.
     *
     * @throws IOException if it finds no port; nothing is left of it then
     */
    static TaskManagerProcess start(
            int index,
            ClusterOptions options,
            LocationRegistry locations,
            CountingStats proxyStats,
            CountingStats serverStats)
            throws IOException {
        TaskManagerProcess process = new TaskManagerProcess(index, options, locations, proxyStats, serverStats);
        try {
            process.proxy.start();
            process.server.start();
        } catch (IOException e) {
            process.stop().join();
            throw new IOException("task manager " + index + " has not started: " + e.getMessage(), e);
        }
        return process;
    }

    int index() {
        return index;
    }

    boolean isUp() {
        return up;
    }

    ServerAddress proxyAddress() {
        return proxy.address();
    }

    ServerAddress serverAddress() {
        return server.address();
    }

    long cachedLocations() {
        return proxy.cachedLocations();
    }

    RegisteredKvState register(KvStateRegistration registration) {
        return registry.register(registration);
    }

    /** Tells the proxy who knows the job; null for nobody, when the job has ended. */
    void updateLocationOracle(JobId jobId, @Nullable LocationOracle oracle) {
        proxy.updateLocationOracle(jobId, oracle);
    }

    /** Answers what it has accepted, within the drain timeout, and ends. */
    CompletableFuture<Void> stop() {
        up = false;
        return end(CompletableFuture.allOf(proxy.stop(), server.stop()))
                .orTimeout(stopTimeout.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(late -> kill());
    }

    /** Ends as a crash would: the location registry hears nothing, and peers get no word but a reset. */
    CompletableFuture<Void> kill() {
        dead = true;
        up = false;
        return end(CompletableFuture.allOf(proxy.kill(), server.kill()));
    }

    private CompletableFuture<Void> end(CompletableFuture<Void> stopped) {
        return stopped.thenRun(registry::close);
    }

    /** Passes on what the registry tells, as long as the task manager lives. */
    private final class Notices implements KvStateListener {
        @Override
        public void registered(KvStateInfo info) {
            if (!dead) {
                locations.registered(info, server.address());
            }
        }

        @Override
        public void unregistered(KvStateInfo info) {
            if (!dead) {
                locations.unregistered(info, server.address());
            }
        }
    }
}
