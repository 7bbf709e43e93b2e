package io.queryablestate.gates;

import io.queryablestate.messages.KvStateId;
import io.queryablestate.messages.KvStatePlacement;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.network.CountingStats;
import io.queryablestate.network.PortRange;
import io.queryablestate.network.ServerOptions;
import io.queryablestate.server.KvState;
import io.queryablestate.server.KvStateRegistry;
import io.queryablestate.server.KvStateRegistryOptions;
import io.queryablestate.server.KvStateServer;
import io.queryablestate.server.ReadMode;
import java.io.IOException;
import java.time.Duration;

/** A state server in this process that serves one state for all key groups. Thread-safe. */
final class LoneServer implements AutoCloseable {

    private static final Duration DRAIN = Duration.ofSeconds(5);

    final CountingStats stats = new CountingStats();
    private final KvStateId id = KvStateId.random();
    private final KvStateRegistry registry;
    private final KvStateServer server;

    private LoneServer(String host, int port, KvState state, ReadMode mode, int queryThreads) throws IOException {
        this.registry = new KvStateRegistry(KvStateRegistryOptions.builder()
                .queryThreads(queryThreads)
                .closeTimeout(Duration.ofMillis(100))
                .build());
        registry.register(StampedState.registration(state, mode, id, StampedState.allKeyGroups()));
        this.server = new KvStateServer(
                ServerOptions.builder()
                        .bindHost(host)
                        .ports(PortRange.parse(Integer.toString(port)))
                        .eventLoopThreads(1)
                        .drainTimeout(DRAIN)
                        .build(),
                registry,
                stats);
        try {
            server.start();
        } catch (IOException e) {
            registry.close();
            throw e;
        }
    }

    /** Serves {@link StampedState} of an incarnation, inline. */
    static LoneServer on(String host, int port, long incarnation) throws IOException {
        return new LoneServer(
                host, port, new StampedState(incarnation, ServerProcess.VALUE_BYTES), ReadMode.inline(), 1);
    }

    /** Serves any state by query threads. */
    static LoneServer pooled(KvState state, int queryThreads) throws IOException {
        return new LoneServer("127.0.0.1", 0, state, ReadMode.pooled(), queryThreads);
    }

    ServerAddress address() {
        return server.address();
    }

    KvStatePlacement placement() {
        return placement(address());
    }

    /** As the location of the state says it, by another address that leads here. */
    KvStatePlacement placement(ServerAddress by) {
        return new KvStatePlacement(id, by);
    }

    int queuedReads() {
        return registry.queuedReads();
    }

    KvStateServer server() {
        return server;
    }

    /** Ends it as a crash would. */
    void kill() {
        server.kill().join();
        registry.close();
    }

    @Override
    public void close() {
        server.close();
        registry.close();
    }
}
