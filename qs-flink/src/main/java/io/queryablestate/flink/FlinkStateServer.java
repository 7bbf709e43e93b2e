package io.queryablestate.flink;

import io.queryablestate.messages.CatalogueEntry;
import io.queryablestate.server.KvStateRegistryOptions;
import java.net.InetSocketAddress;
import java.util.List;
import org.apache.flink.runtime.query.KvStateRegistry;
import org.apache.flink.runtime.query.KvStateServer;

/** The state server of a task manager, as Flink sees it. Started and shut down by one thread. */
final class FlinkStateServer implements KvStateServer {

    private final KvStateRegistry flinkRegistry;
    private final TaskStates states;
    private final TaskManagerHealth health;
    private final io.queryablestate.server.KvStateRegistry registry;
    private final io.queryablestate.server.KvStateServer server;

    FlinkStateServer(
            ServiceArguments arguments,
            KvStateRegistry flinkRegistry,
            QueryableStateSettings settings,
            TaskManagerHealth health) {
        this.flinkRegistry = flinkRegistry;
        this.health = health;
        this.registry = new io.queryablestate.server.KvStateRegistry(KvStateRegistryOptions.builder()
                .queryThreads(arguments.queryThreads())
                .ownerShare(settings.ownerShare())
                .responseLimit((int) settings.responseLimit().getBytes())
                .build());
        this.server = new io.queryablestate.server.KvStateServer(
                settings.serverOptions(arguments), registry, new FlinkRequestStats(arguments.stats()));
        this.states = new TaskStates(registry, settings);
    }

    /** The states that tasks of this task manager have registered. */
    List<CatalogueEntry> catalogue() {
        return registry.catalogue();
    }

    @Override
    public InetSocketAddress getServerAddress() {
        return SocketAddresses.of(server.address());
    }

    /** Flink starts this before its task manager takes tasks, so no state is registered unseen. */
    @Override
    public void start() throws Exception {
        health.server().start(() -> {
            server.start();
            RegistryHook.install(flinkRegistry, states);
            health.count(states);
            return getServerAddress();
        });
    }

    @Override
    public void shutdown() {
        server.close();
        registry.close();
        health.stop(health.server());
    }
}
