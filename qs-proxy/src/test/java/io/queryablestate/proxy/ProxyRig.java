package io.queryablestate.proxy;

import io.queryablestate.messages.CatalogueEntry;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.network.CountingStats;
import io.queryablestate.routing.LocationKey;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A running proxy, and an oracle that answers on a thread of its own with where the test says the states are. */
final class ProxyRig implements AutoCloseable {

    final CountingStats stats = new CountingStats();
    final AtomicInteger lookups = new AtomicInteger();
    final List<CatalogueEntry> catalogue = new CopyOnWriteArrayList<>();
    final KvStateClientProxy proxy;

    volatile @Nullable RuntimeException catalogueFailure;

    private final ExecutorService oracleThread = Executors.newSingleThreadExecutor();
    private volatile @Nullable ServerAddress place;
    private volatile @Nullable ServerAddress upperHalf;

    ProxyRig(ProxyOptions options) throws IOException {
        proxy = new KvStateClientProxy(options, this::listCatalogue, stats);
        proxy.start();
        proxy.updateLocationOracle(Locations.JOB, this::locate);
    }

    ProxyRig() throws IOException {
        this(ProxyOptions.builder().build());
    }

    /** From now on all key groups of every state are on this server; on none for null. */
    ProxyRig place(@Nullable ServerAddress server) {
        return place(server, server);
    }

    /** From now on the lower half of the key groups is on one server, the upper half on the other. */
    ProxyRig place(@Nullable ServerAddress low, @Nullable ServerAddress high) {
        upperHalf = high;
        place = low;
        return this;
    }

    ServerAddress address() {
        return proxy.address();
    }

    CompletableFuture<KvStateLocation> locate(JobId jobId, String stateName) {
        lookups.incrementAndGet();
        return CompletableFuture.supplyAsync(
                () -> {
                    ServerAddress server = place;
                    ServerAddress high = upperHalf;
                    if (server == null || high == null) {
                        throw new QueryableStateException(ErrorCode.LOCATION_UNKNOWN, "not registered");
                    }
                    LocationKey key = new LocationKey(jobId, stateName);
                    return server.equals(high) ? Locations.of(key, server) : Locations.split(key, server, high);
                },
                oracleThread);
    }

    private List<CatalogueEntry> listCatalogue() {
        RuntimeException failure = catalogueFailure;
        if (failure != null) {
            throw failure;
        }
        return catalogue;
    }

    @Override
    public void close() {
        proxy.close();
        oracleThread.shutdownNow();
    }
}
