package io.queryablestate.benchmarks;

import io.queryablestate.client.QueryableState;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.client.QueryableStateClientBuilder;
import io.queryablestate.client.serialization.KeyAndNamespace;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KeyGroupRange;
import io.queryablestate.messages.KvStateId;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.KvStatePlacement;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.network.RequestStats;
import io.queryablestate.network.ServerOptions;
import io.queryablestate.proxy.KvStateClientProxy;
import io.queryablestate.proxy.ProxyOptions;
import io.queryablestate.server.HeapKvState;
import io.queryablestate.server.KvStateRegistration;
import io.queryablestate.server.KvStateRegistry;
import io.queryablestate.server.KvStateRegistryOptions;
import io.queryablestate.server.KvStateServer;
import io.queryablestate.server.ReadMode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;

/** This project, through its public API and with its defaults. */
final class OurPeer implements Peer {

    static final String STATE = "values";
    static final KvStateId KV_STATE = new KvStateId(3, 4);
    static final int MAX_PARALLELISM = 128;

    private static final JobId JOB = new JobId(1, 2);
    private static final KeyGroupRange ALL_KEY_GROUPS = new KeyGroupRange(0, MAX_PARALLELISM - 1);

    private final UnaryOperator<QueryableStateClientBuilder> clientOptions;

    private OurPeer(UnaryOperator<QueryableStateClientBuilder> clientOptions) {
        this.clientOptions = clientOptions;
    }

    static OurPeer withDefaults() {
        return new OurPeer(UnaryOperator.identity());
    }

    static OurPeer withCallbackExecutor(Executor executor) {
        return new OurPeer(client -> client.callbackExecutor(executor));
    }

    @Override
    public String startServer(List<Workload> workloads) throws IOException {
        KvStateRegistry registry =
                new KvStateRegistry(KvStateRegistryOptions.builder().build());
        registry.register(KvStateRegistration.builder()
                .kvStateId(KV_STATE)
                .jobId(JOB)
                .stateName(STATE)
                .keyGroups(MAX_PARALLELISM, ALL_KEY_GROUPS)
                .state(filledState(workloads), ReadMode.inline())
                .build());
        KvStateServer server = new KvStateServer(ServerOptions.builder().build(), registry, RequestStats.noop());
        server.start();
        return server.address().toString();
    }

    /** A state that holds the values of all keys. */
    static HeapKvState filledState(List<Workload> workloads) {
        HeapKvState state = new HeapKvState();
        for (Workload workload : workloads) {
            for (int index = 0; index < workload.keys(); index++) {
                long key = workload.key(index);
                state.put(
                        KeyAndNamespace.serialize(Serializers.LONG, key),
                        Serializers.serialize(Serializers.BYTES, Workload.valueOf(key)));
            }
        }
        return state;
    }

    @Override
    public String startProxy(String server) throws IOException {
        KvStatePlacement placement = new KvStatePlacement(KV_STATE, ServerAddress.parse(server));
        KvStateLocation location = KvStateLocation.builder(JOB, STATE, MAX_PARALLELISM)
                .place(ALL_KEY_GROUPS, placement)
                .build();
        KvStateClientProxy proxy =
                new KvStateClientProxy(ProxyOptions.builder().build(), List::of, RequestStats.noop());
        proxy.updateLocationOracle(JOB, (job, name) -> CompletableFuture.supplyAsync(() -> location));
        proxy.start();
        return proxy.address().toString();
    }

    @Override
    public KeyReader connect(String proxy) {
        return connect(proxy, false);
    }

    @Override
    public KeyReader connectOneHop(String server, String proxy) {
        return connect(proxy, true);
    }

    private KeyReader connect(String proxy, boolean direct) {
        QueryableStateClient client = clientOptions
                .apply(QueryableStateClient.builder().proxies(proxy).directRouting(direct))
                .build();
        QueryableState<Long, byte[]> state =
                client.state(JOB, STATE, Serializers.LONG, StateDescriptor.value(Serializers.BYTES));
        return new OurReader(state);
    }
}
