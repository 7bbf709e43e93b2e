package io.queryablestate.gates;

import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.gates.FaultMixGate.Kind;
import io.queryablestate.messages.KvStateId;
import io.queryablestate.messages.KvStatePlacement;
import io.queryablestate.messages.ServerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** State servers and proxies in processes of their own that are killed and stopped. Used by the gate's thread. */
final class ProcessFaults implements AutoCloseable {

    private static final int SERVERS = 4;
    private static final int PER_SECOND = 200;
    private static final List<String> SMALL = List.of("-Xmx64m");
    private static final long ZOMBIE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final GateRun run;
    private final Recovery recovery;
    private final List<ChildJvm> servers = new ArrayList<>();
    private final LoneProxy ownProxy;
    private final QueryableStateClient client;
    private final Reads reads;
    private final PacedLoad load;
    private ChildJvm otherProxy;
    private long incarnation;

    ProcessFaults(GateRun run) throws IOException, InterruptedException {
        this.run = run;
        this.recovery = new Recovery(run, "recovery");
        for (int i = 0; i < SERVERS; i++) {
            servers.add(startServer(i, 0));
        }
        this.ownProxy = LoneProxy.before(placements());
        this.otherProxy = startProxy(0);
        this.client = run.client(ownProxy.address(), otherProxy.address(0)).build();
        this.reads = new Reads(run, client, FaultRig.TIMEOUT);
        this.load = new PacedLoad(reads, PER_SECOND);
    }

    List<Kind> kinds() {
        return List.of(
                new Kind("server kill -9", this::killServer),
                new Kind("server stopped for 5 s", number -> stopServers()),
                new Kind("proxy kill -9", number -> killProxy()));
    }

    private ChildJvm startServer(int number, int port) throws IOException, InterruptedException {
        return new ChildJvm(SMALL, ServerProcess.class, "127.0.0.1", port, number, incarnation);
    }

    private ChildJvm startProxy(int port) throws IOException, InterruptedException {
        return new ChildJvm(SMALL, ProxyProcess.class, port, placementArguments());
    }

    private String placementArguments() {
        StringBuilder text = new StringBuilder();
        for (KvStatePlacement placement : placements()) {
            text.append(text.isEmpty() ? "" : ",")
                    .append(placement.kvStateId().lower())
                    .append('@')
                    .append(placement.server());
        }
        return text.toString();
    }

    private List<KvStatePlacement> placements() {
        List<KvStatePlacement> placements = new ArrayList<>();
        for (int i = 0; i < SERVERS; i++) {
            placements.add(
                    new KvStatePlacement(new KvStateId(i, 0), servers.get(i).address(0)));
        }
        return placements;
    }

    /** It comes back on the same port, where both proxies look for it. */
    private void killServer(int number) throws IOException, InterruptedException {
        int victim = number % SERVERS;
        ServerAddress address = servers.get(victim).address(0);
        servers.get(victim).kill();
        run.fault("server kill -9");
        FaultRig.whileLoaded();
        incarnation++;
        servers.set(victim, startServer(victim, address.port()));
        recovery.await(reads, "server kill -9");
    }

    /** All at once, which is as many faults. */
    private void stopServers() throws IOException, InterruptedException {
        for (ChildJvm server : servers) {
            server.stop();
            run.fault("server stopped for 5 s");
        }
        LockSupport.parkNanos(ZOMBIE_NANOS);
        for (ChildJvm server : servers) {
            server.proceed();
        }
        recovery.await(reads, "server stopped for 5 s");
    }

    private void killProxy() throws IOException, InterruptedException {
        int port = otherProxy.address(0).port();
        otherProxy.kill();
        run.fault("proxy kill -9");
        recovery.await(reads, "proxy kill -9");
        otherProxy = startProxy(port);
    }

    @Override
    public void close() {
        load.close();
        run.ledger().awaitAll(Duration.ofSeconds(5));
        client.close();
        ownProxy.close();
        otherProxy.close();
        for (ChildJvm server : servers) {
            server.close();
        }
    }
}
