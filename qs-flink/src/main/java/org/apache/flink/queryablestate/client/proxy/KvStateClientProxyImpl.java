package org.apache.flink.queryablestate.client.proxy;

import io.queryablestate.flink.FlinkServices;
import io.queryablestate.flink.ServiceArguments;
import java.net.InetSocketAddress;
import java.util.Iterator;
import org.apache.flink.api.common.JobID;
import org.apache.flink.queryablestate.network.stats.KvStateRequestStats;
import org.apache.flink.runtime.jobmaster.KvStateLocationOracle;
import org.apache.flink.runtime.query.KvStateClientProxy;
import org.jspecify.annotations.Nullable;

/** The class that Flink's task manager loads by name for its client proxy; everything is behind {@link FlinkServices}. */
public final class KvStateClientProxyImpl implements KvStateClientProxy {

    private final KvStateClientProxy proxy;

    /**
     * The constructor that Flink calls. Nothing is bound before {@link #start()}.
     *
     * @throws IllegalArgumentException if a port, a number of threads or a setting is out of its range
     */
    public KvStateClientProxyImpl(
            String address,
            Iterator<Integer> ports,
            Integer eventLoopThreads,
            Integer queryThreads,
            KvStateRequestStats stats) {
        proxy = FlinkServices.newProxy(new ServiceArguments(address, ports, eventLoopThreads, queryThreads, stats));
    }

    @Override
    public InetSocketAddress getServerAddress() {
        return proxy.getServerAddress();
    }

    @Override
    public void start() throws Throwable {
        proxy.start();
    }

    @Override
    public void shutdown() {
        proxy.shutdown();
    }

    @Override
    public void updateKvStateLocationOracle(JobID jobId, @Nullable KvStateLocationOracle oracle) {
        proxy.updateKvStateLocationOracle(jobId, oracle);
    }

    @Override
    public @Nullable KvStateLocationOracle getKvStateLocationOracle(JobID jobId) {
        return proxy.getKvStateLocationOracle(jobId);
    }
}
