package io.queryablestate.proxy;

import io.queryablestate.messages.CatalogueEntry;
import io.queryablestate.network.AbstractServerBase;
import io.queryablestate.network.AbstractServerHandler;
import io.queryablestate.network.EventLoopContext;
import io.queryablestate.network.RequestStats;
import io.queryablestate.network.ServerConnections;
import io.queryablestate.routing.LocationCache;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The listening half of the proxy. */
final class ProxyServer extends AbstractServerBase {

    private static final long CLOSE_SECONDS = 2;

    private final ProxyOptions options;
    private final LocationCache locations;
    private final Supplier<List<CatalogueEntry>> catalogue;
    private final ConcurrentMap<EventLoopContext, ProxyLoop> loops = new ConcurrentHashMap<>();

    ProxyServer(
            ProxyOptions options,
            LocationCache locations,
            Supplier<List<CatalogueEntry>> catalogue,
            RequestStats stats) {
        super("Queryable State Proxy Server", options.server(), stats);
        this.options = options;
        this.locations = locations;
        this.catalogue = catalogue;
    }

    @Override
    protected AbstractServerHandler newHandler(ServerConnections connections, EventLoopContext context) {
        ProxyLoop loop = loops.computeIfAbsent(context, used -> new ProxyLoop(used, locations, options));
        return new ProxyHandler(connections, loop, catalogue);
    }

    /** Lets go of locations that the cache has dropped. Any thread. */
    void forgetStaleLocations() {
        loops.values().forEach(ProxyLoop::forgetStaleLocations);
    }

    @Override
    protected void onStopped() {
        List<CompletableFuture<Void>> closed =
                loops.values().stream().map(ProxyLoop::close).toList();
        CompletableFuture.allOf(closed.toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, CLOSE_SECONDS, TimeUnit.SECONDS)
                .join();
        loops.clear();
    }
}
