package io.queryablestate.gates;

import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.embedded.Fault;
import io.queryablestate.embedded.FaultProxy;
import io.queryablestate.messages.KvStatePlacement;
import io.queryablestate.messages.ServerAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A client, a proxy and a state server with a network on either side of the proxy that can be made to misbehave, under a
 * steady load. Used by the gate's thread.
 */
final class FaultRig implements AutoCloseable {

    static final Duration TIMEOUT = Duration.ofMillis(400);

    /** A connection attempt that was begun while the other side stayed silent takes the connect timeout, 2 s. */
    private static final Duration RECOVERY = Duration.ofMillis(2_500);

    private static final String HOST = "state-server.test";
    private static final int PER_SECOND = 200;
    private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

    final GateRun run;
    final LoneProxy proxy;
    final FaultProxy clientSide;
    final FaultProxy serverSide;
    final Reads reads;

    private final Recovery recovery;
    private final QueryableStateClient client;
    private final PacedLoad load;
    private LoneServer server;
    private ServerAddress former;
    private long incarnation;

    FaultRig(GateRun run) throws IOException {
        this.run = run;
        this.recovery = new Recovery(run, "recovery", RECOVERY);
        this.server = LoneServer.on("127.0.0.1", 0, incarnation);
        this.former = server.address();
        this.serverSide = FaultProxy.to(server.address(), run.seed());
        this.proxy = LoneProxy.before(List.of(server.placement(serverSide.address())));
        this.clientSide = FaultProxy.to(proxy.address(), run.seed() + 1);
        this.client = run.client(clientSide.address()).build();
        this.reads = new Reads(run, client, TIMEOUT);
        this.load = new PacedLoad(reads, PER_SECOND);
    }

    /** Makes one of the two networks misbehave for a while; every second time the other one. */
    void network(String kind, int number, Fault fault) throws Exception {
        FaultProxy network = number % 2 == 0 ? clientSide : serverSide;
        long before = network.effects();
        network.inject(fault);
        whileLoaded();
        network.heal();
        if (network.effects() > before) {
            run.fault(kind);
        }
        awaitRecovery(kind);
    }

    /** Lets the load run for a moment. */
    static void whileLoaded() {
        LockSupport.parkNanos(WINDOW_NANOS);
    }

    void awaitRecovery(String kind) throws InterruptedException {
        recovery.await(reads, kind);
    }

    /** Puts a server of the next incarnation in the place of the present one, as after a crash. */
    void restart(String host, int port) throws IOException {
        stop();
        startAgain(host, port);
        serverSide.target(server.address());
        proxy.move(List.of(server.placement(serverSide.address())));
    }

    /** The state server crashes. */
    void stop() {
        former = server.address();
        server.kill();
    }

    /** One of the next incarnation; nobody is told. */
    void startAgain(String host, int port) throws IOException {
        server = LoneServer.on(host, port, ++incarnation);
        reads.forget(incarnation);
    }

    /** Where the state server was before it crashed. */
    String formerHost() {
        return former.host();
    }

    int formerPort() {
        return former.port();
    }

    ServerAddress serverAddress() {
        return server.address();
    }

    /** Where the server is, not through the network that misbehaves. */
    List<KvStatePlacement> placement() {
        return List.of(server.placement());
    }

    /** Where the server is, by the name that {@link #nameResolvesTo} decides on. */
    List<KvStatePlacement> placementByName() {
        return List.of(server.placement(new ServerAddress(HOST, server.address().port())));
    }

    /** Lets the name of the server lead to another address of this machine from now on. */
    static void nameResolvesTo(String address) throws IOException {
        Path hosts = Path.of(System.getProperty("jdk.net.hosts.file"));
        Path next = hosts.resolveSibling("hosts.next");
        Files.writeString(next, "127.0.0.1 localhost\n" + address + " " + HOST + "\n", StandardCharsets.US_ASCII);
        Files.move(next, hosts, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() {
        load.close();
        run.ledger().awaitAll(Duration.ofSeconds(5));
        client.close();
        clientSide.close();
        proxy.close();
        serverSide.close();
        server.close();
    }
}
