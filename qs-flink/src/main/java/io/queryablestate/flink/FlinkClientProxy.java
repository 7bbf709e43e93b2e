package io.queryablestate.flink;

import io.queryablestate.messages.CatalogueEntry;
import io.queryablestate.network.ConnectionOptions;
import io.queryablestate.proxy.ProxyOptions;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.jobmaster.KvStateLocationOracle;
import org.apache.flink.runtime.query.KvStateClientProxy;
import org.jspecify.annotations.Nullable;

/** The client proxy of a task manager, as Flink sees it. Thread safe. */
final class FlinkClientProxy implements KvStateClientProxy {

    /** What a result frame has beside the value, and some room. */
    private static final int FRAME_OVERHEAD = 1024;

    private final ConcurrentMap<JobID, KvStateLocationOracle> oracles = new ConcurrentHashMap<>();
    private final io.queryablestate.proxy.KvStateClientProxy proxy;
    private final TaskManagerHealth health;
    private volatile @Nullable FlinkStateServer server;

    FlinkClientProxy(ServiceArguments arguments, QueryableStateSettings settings, TaskManagerHealth health) {
        this.health = health;
        ConnectionOptions upstream = ConnectionOptions.builder()
                .maxResponseBytes((int) settings.responseLimit().getBytes() + FRAME_OVERHEAD)
                .tls(settings.security().server().tls())
                .token(settings.security().ownToken())
                .build();
        ProxyOptions options = ProxyOptions.builder()
                .server(settings.serverOptions(arguments))
                .upstream(upstream)
                .build();
        proxy = new io.queryablestate.proxy.KvStateClientProxy(
                options, this::catalogue, new FlinkRequestStats(arguments.stats()));
    }

    void listStatesOf(FlinkStateServer ofSameTaskManager) {
        server = ofSameTaskManager;
    }

    /** The states of the same task manager. */
    List<CatalogueEntry> catalogue() {
        FlinkStateServer known = server;
        return known == null ? List.of() : known.catalogue();
    }

    @Override
    public InetSocketAddress getServerAddress() {
        return SocketAddresses.of(proxy.address());
    }

    @Override
    public void start() throws Exception {
        health.proxy().start(() -> {
            proxy.start();
            return getServerAddress();
        });
    }

    @Override
    public void shutdown() {
        proxy.close();
        health.stop(health.proxy());
    }

    @Override
    public void updateKvStateLocationOracle(JobID jobId, @Nullable KvStateLocationOracle oracle) {
        if (oracle == null) {
            oracles.remove(jobId);
            proxy.updateLocationOracle(FlinkIds.of(jobId), null);
        } else {
            oracles.put(jobId, oracle);
            proxy.updateLocationOracle(FlinkIds.of(jobId), new JobMasterOracle(oracle));
        }
    }

    @Override
    public @Nullable KvStateLocationOracle getKvStateLocationOracle(JobID jobId) {
        return oracles.get(jobId);
    }
}
