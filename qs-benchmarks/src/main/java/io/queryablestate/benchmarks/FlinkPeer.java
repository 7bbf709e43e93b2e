package io.queryablestate.benchmarks;

import io.queryablestate.messages.ServerAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.BasicTypeInfo;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.queryablestate.KvStateID;
import org.apache.flink.queryablestate.client.QueryableStateClient;
import org.apache.flink.queryablestate.client.proxy.KvStateClientProxyImpl;
import org.apache.flink.queryablestate.network.stats.DisabledKvStateRequestStats;
import org.apache.flink.queryablestate.server.KvStateServerImpl;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.query.KvStateLocation;
import org.apache.flink.runtime.query.KvStateRegistry;
import org.apache.flink.runtime.state.KeyGroupRange;

/**
 * Flink's own queryable state: its server on its heap backend, its proxy and its client, each set up as a task manager
 * or a user does.
 */
final class FlinkPeer implements Peer {

    static final String STATE = "values";
    static final JobID JOB = new JobID(1, 2);
    static final JobVertexID OPERATOR = new JobVertexID(3, 4);
    static final KeyGroupRange ALL_KEY_GROUPS = new KeyGroupRange(0, 127);

    private static final String HOST = "127.0.0.1";
    /** As many as ours has by default, for event loops and for query threads. */
    private static final int THREADS = Runtime.getRuntime().availableProcessors();

    @Override
    public String startServer(List<Workload> workloads) throws Exception {
        KvStateRegistry registry = new KvStateRegistry();
        KvStateID id = FlinkHeapState.register(registry, workloads);
        KvStateServerImpl server = new KvStateServerImpl(
                HOST, List.of(0).iterator(), THREADS, THREADS, registry, new DisabledKvStateRequestStats());
        start(server::start);
        return new ServerLocation(server.getServerAddress(), id).toString();
    }

    @Override
    public String startProxy(String server) throws Exception {
        ServerLocation state = ServerLocation.parse(server);
        KvStateLocation location = new KvStateLocation(JOB, OPERATOR, ALL_KEY_GROUPS.getNumberOfKeyGroups(), STATE);
        location.registerKvState(ALL_KEY_GROUPS, state.id(), state.address());
        KvStateClientProxyImpl proxy = new KvStateClientProxyImpl(
                HOST, List.of(0).iterator(), THREADS, THREADS, new DisabledKvStateRequestStats());
        start(proxy::start);
        proxy.updateKvStateLocationOracle(JOB, (job, name) -> CompletableFuture.completedFuture(location));
        return address(proxy.getServerAddress());
    }

    @Override
    @SuppressWarnings("deprecation") // the feature that is measured is deprecated as a whole
    public KeyReader connect(String proxy) throws Exception {
        ServerAddress address = ServerAddress.parse(proxy);
        QueryableStateClient client = new QueryableStateClient(InetAddress.getByName(address.host()), address.port());
        client.setExecutionConfig(new ExecutionConfig());
        ValueStateDescriptor<byte[]> descriptor =
                new ValueStateDescriptor<>(STATE, BytePrimitiveArraySerializer.INSTANCE);
        return (key, answer) -> client.getKvState(JOB, STATE, key, BasicTypeInfo.LONG_TYPE_INFO, descriptor)
                .whenComplete((state, failure) -> {
                    if (failure != null) {
                        answer.failure(failure);
                    } else {
                        answer(state, answer);
                    }
                });
    }

    @Override
    public KeyReader connectOneHop(String server, String proxy) throws Exception {
        return new FlinkOneHopClient(ServerLocation.parse(server));
    }

    private static void answer(ValueState<byte[]> state, KeyReader.Answer answer) {
        byte[] value;
        try {
            value = state.value();
        } catch (Exception e) {
            answer.failure(e);
            return;
        }
        answer.value(value);
    }

    private static String address(InetSocketAddress bound) {
        return HOST + ":" + bound.getPort();
    }

    private static void start(FlinkStart start) throws Exception {
        try {
            start.run();
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** A state and its server, written {@code host:port/lower half of the id/upper half}. */
    record ServerLocation(InetSocketAddress address, KvStateID id) {

        static ServerLocation parse(String text) {
            String[] parts = text.split("/", -1);
            ServerAddress address = ServerAddress.parse(parts[0]);
            return new ServerLocation(
                    new InetSocketAddress(address.host(), address.port()),
                    new KvStateID(Long.parseLong(parts[1]), Long.parseLong(parts[2])));
        }

        @Override
        public String toString() {
            return FlinkPeer.address(address) + "/" + id.getLowerPart() + "/" + id.getUpperPart();
        }
    }

    @FunctionalInterface
    private interface FlinkStart {
        void run() throws Throwable;
    }
}
