package io.queryablestate.benchmarks;

import io.netty.util.concurrent.DefaultThreadFactory;
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
import io.queryablestate.server.KvState;
import io.queryablestate.server.KvStateRegistration;
import io.queryablestate.server.KvStateRegistry;
import io.queryablestate.server.KvStateRegistryOptions;
import io.queryablestate.server.KvStateServer;
import io.queryablestate.server.ReadMode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Many states on many state servers, and a proxy that finds them. All states have the same values, and each server has a
 * share of the key groups. State {@value #SILENT} never answers.
 */
final class ScaleStates {

    static final JobId JOB = new JobId(1, 2);
    /** The number of the state whose reads wait for ever. */
    static final int SILENT = -1;

    private static final int MAX_PARALLELISM = 128;
    private static final int MAX_WAITING_READS = 1 << 20;

    private ScaleStates() {}

    /** The name under which a state is queryable. */
    static String name(int state) {
        return Integer.toString(state);
    }

    /** Starts servers with one event loop each. Returns their addresses, with commas between. */
    static String startServers(int servers, int states, List<Workload> workloads) throws IOException {
        HeapKvState values = OurPeer.filledState(workloads);
        List<String> addresses = new ArrayList<>();
        for (int server = 0; server < servers; server++) {
            KvStateRegistry registry = new KvStateRegistry(KvStateRegistryOptions.builder()
                    .queueLength(MAX_WAITING_READS)
                    .build());
            KeyGroupRange keyGroups = keyGroups(server, servers);
            for (int state = 0; state < states; state++) {
                register(registry, state, server, keyGroups, values, ReadMode.inline());
            }
            // The owner never comes.
            ReadMode never = ReadMode.owner(registry.newOwnerQueue(drain -> {}));
            register(registry, SILENT, server, keyGroups, values, never);
            KvStateServer started = new KvStateServer(
                    ServerOptions.builder().eventLoopThreads(1).build(), registry, RequestStats.noop());
            started.start();
            addresses.add(started.address().toString());
        }
        return String.join(",", addresses);
    }

    private static void register(
            KvStateRegistry registry, int state, int server, KeyGroupRange keyGroups, KvState values, ReadMode mode) {
        registry.register(KvStateRegistration.builder()
                .kvStateId(new KvStateId(state, server))
                .jobId(JOB)
                .stateName(name(state))
                .keyGroups(MAX_PARALLELISM, keyGroups)
                .state(values, mode)
                .build());
    }

    private static KeyGroupRange keyGroups(int server, int servers) {
        int share = MAX_PARALLELISM / servers;
        return new KeyGroupRange(server * share, server * share + share - 1);
    }

    /** Starts a proxy that finds every state on all servers. Returns its address. */
    static String startProxy(List<String> servers) throws IOException {
        KvStateClientProxy proxy =
                new KvStateClientProxy(ProxyOptions.builder().build(), List::of, RequestStats.noop());
        // Another thread, as with an oracle that has to be asked over a network; but not a new one for each lookup,
        // which is
        // what the default executor has on small machines and would be most of a lookup's cost.
        ExecutorService lookups = Executors.newSingleThreadExecutor(new DefaultThreadFactory("lookups", true));
        proxy.updateLocationOracle(
                JOB, (job, name) -> CompletableFuture.supplyAsync(() -> location(name, servers), lookups));
        proxy.start();
        return proxy.address().toString();
    }

    private static KvStateLocation location(String name, List<String> servers) {
        KvStateLocation.Builder location = KvStateLocation.builder(JOB, name, MAX_PARALLELISM);
        for (int server = 0; server < servers.size(); server++) {
            location.place(
                    keyGroups(server, servers.size()),
                    new KvStatePlacement(
                            new KvStateId(Integer.parseInt(name), server), ServerAddress.parse(servers.get(server))));
        }
        return location.build();
    }
}
