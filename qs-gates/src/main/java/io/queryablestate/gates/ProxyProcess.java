package io.queryablestate.gates;

import io.queryablestate.messages.KvStateId;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.KvStatePlacement;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.network.CountingStats;
import io.queryablestate.network.PortRange;
import io.queryablestate.network.ServerOptions;
import io.queryablestate.proxy.KvStateClientProxy;
import io.queryablestate.proxy.ProxyOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * A proxy in a process of its own, to be killed: {@code ProxyProcess PORT ID@HOST:PORT,...}, which are state servers that
 * hold equal parts of the key groups. Lives until its standard input ends.
 */
public final class ProxyProcess {

    private ProxyProcess() {}

    /** See the class. */
    public static void main(String[] args) throws IOException {
        List<KvStatePlacement> servers =
                Stream.of(args[1].split(",", -1)).map(ProxyProcess::placement).toList();
        KvStateLocation location = LoneProxy.locationOf(servers);
        ServerOptions listening = ServerOptions.builder()
                .ports(PortRange.parse(args[0]))
                .eventLoopThreads(1)
                .build();
        KvStateClientProxy proxy =
                new KvStateClientProxy(ProxyOptions.builder().server(listening).build(), List::of, new CountingStats());
        proxy.updateLocationOracle(StampedState.JOB, (job, name) -> CompletableFuture.supplyAsync(() -> location));
        proxy.start();
        System.out.println(ChildJvm.READY + proxy.address());
        while (System.in.read() >= 0) {
            // Nothing is asked of it but to live.
        }
        System.exit(0);
    }

    private static KvStatePlacement placement(String text) {
        String[] parts = text.split("@", -1);
        return new KvStatePlacement(new KvStateId(Long.parseLong(parts[0]), 0), ServerAddress.parse(parts[1]));
    }
}
