package io.queryablestate.gates;

import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.messages.KvStateId;
import io.queryablestate.network.CountingStats;
import io.queryablestate.network.PortRange;
import io.queryablestate.network.ServerOptions;
import io.queryablestate.server.KvStateRegistry;
import io.queryablestate.server.KvStateRegistryOptions;
import io.queryablestate.server.KvStateServer;
import io.queryablestate.server.ReadMode;
import java.io.IOException;

/**
 * A state server in a process of its own, to be killed or stopped: {@code ServerProcess HOST PORT KVSTATE INCARNATION}.
 * Serves {@link StampedState} for all key groups. Lives until its standard input ends.
 */
public final class ServerProcess {

    static final int VALUE_BYTES = 100;

    private ServerProcess() {}

    /** See the class. */
    public static void main(String[] args) throws IOException {
        KvStateRegistry registry =
                new KvStateRegistry(KvStateRegistryOptions.builder().build());
        registry.register(StampedState.registration(
                new StampedState(Long.parseLong(args[3]), VALUE_BYTES),
                ReadMode.inline(),
                new KvStateId(Long.parseLong(args[2]), 0),
                StampedState.allKeyGroups()));
        KvStateServer server = new KvStateServer(
                ServerOptions.builder()
                        .bindHost(args[0])
                        .ports(PortRange.parse(args[1]))
                        .eventLoopThreads(1)
                        .build(),
                registry,
                new CountingStats());
        server.start();
        // The first answer comes as quickly as the next.
        Serializers.serialize(Serializers.BYTES, new GateValue(0, 0, 0).encode(VALUE_BYTES));
        System.out.println(ChildJvm.READY + server.address());
        while (System.in.read() >= 0) {
            // Nothing is asked of it but to live.
        }
        System.exit(0);
    }
}
