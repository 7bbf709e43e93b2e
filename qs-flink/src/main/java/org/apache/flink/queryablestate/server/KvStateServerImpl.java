package org.apache.flink.queryablestate.server;

import io.queryablestate.flink.FlinkServices;
import io.queryablestate.flink.ServiceArguments;
import java.net.InetSocketAddress;
import java.util.Iterator;
import org.apache.flink.queryablestate.network.stats.KvStateRequestStats;
import org.apache.flink.runtime.query.KvStateRegistry;
import org.apache.flink.runtime.query.KvStateServer;

/** The class that Flink's task manager loads by name for its state server; everything is behind {@link FlinkServices}. */
public final class KvStateServerImpl implements KvStateServer {

    private final KvStateServer server;

    /**
     * The constructor that Flink calls. Nothing is bound and the registry is not touched before {@link #start()}.
     *
     * @throws IllegalArgumentException if a port, a number of threads or a setting is out of its range
     */
    public KvStateServerImpl(
            String address,
            Iterator<Integer> ports,
            Integer eventLoopThreads,
            Integer queryThreads,
            KvStateRegistry registry,
            KvStateRequestStats stats) {
        server = FlinkServices.newServer(
                new ServiceArguments(address, ports, eventLoopThreads, queryThreads, stats), registry);
    }

    @Override
    public InetSocketAddress getServerAddress() {
        return server.getServerAddress();
    }

    @Override
    public void start() throws Throwable {
        server.start();
    }

    @Override
    public void shutdown() {
        server.shutdown();
    }
}
