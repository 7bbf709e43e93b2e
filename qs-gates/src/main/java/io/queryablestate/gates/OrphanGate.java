package io.queryablestate.gates;

import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.client.serialization.KeyAndNamespace;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.messages.KvStateRequestCodec;
import io.queryablestate.network.CountingStats;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** R5: what a client has asked for ends with the client, in the proxy and in the queues of the state server. */
final class OrphanGate implements Gate {

    private static final int QUICK = 2_000;
    private static final int FULL = 20_000;
    private static final int CONNECTIONS = 4;
    private static final int BUDGET_MILLIS = 60_000;
    private static final int READ_MILLIS = 5_000;
    private static final Duration SLOW = Duration.ofMillis(20);
    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    @Override
    public void run(GateRun run) throws Exception {
        BrokenState state = new BrokenState(ServerProcess.VALUE_BYTES);
        state.pause(SLOW);
        try (LoneServer server = LoneServer.pooled(state, 1);
                LoneProxy proxy = LoneProxy.before(List.of(server.placement()));
                QueryableStateClient client = run.client(proxy.address()).build()) {
            int requests = run.times(QUICK, FULL);
            for (int done = 0; done < requests; done += QUICK) {
                leave(run, server, proxy, Math.min(QUICK, requests - done));
            }
            run.fault("orphaned request", requests);
            state.pause(Duration.ZERO);
            new Reads(run, client, Duration.ofSeconds(2)).burst(100, 4);
            run.require(run.ledger().typedErrors() == 0, "a client that stays is not served");
        }
    }

    private static void leave(GateRun run, LoneServer server, LoneProxy proxy, int requests) throws Exception {
        List<RawPeer> peers = new ArrayList<>();
        try {
            for (int connection = 0; connection < CONNECTIONS; connection++) {
                RawPeer peer = new RawPeer(proxy.address(), 0, READ_MILLIS).greet();
                peers.add(peer);
                ask(peer, requests / CONNECTIONS);
            }
            int queued = requests / CONNECTIONS;
            await(() -> server.queuedReads() >= queued, LIMIT);
            run.figure("queued_before", server.queuedReads());
            run.require(server.queuedReads() >= queued, "too little was queued when the clients left");
        } finally {
            for (RawPeer peer : peers) {
                peer.close();
            }
        }
        long left = System.nanoTime();
        // What they have sent may still be read for a moment.
        await(() -> proxy.stats.openConnections() == 0 && open(proxy.stats) == 0, LIMIT);
        run.figure("gone_from_proxy_after_ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - left));
        run.require(open(proxy.stats) == 0, open(proxy.stats) + " requests left in the proxy, 1 s after their clients");
        // The connection of the proxy is still there, and so is their time budget.
        await(() -> open(server.stats) == 0 && server.queuedReads() == 0, LIMIT.minusNanos(System.nanoTime() - left));
        run.figure("gone_from_server_after_ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - left));
        run.require(
                open(server.stats) == 0 && server.queuedReads() == 0,
                open(server.stats) + " requests left in the state server, " + server.queuedReads()
                        + " of them queued, 1 s after their clients");
    }

    private static void ask(RawPeer peer, int requests) throws IOException {
        byte[] key = KeyAndNamespace.serialize(Serializers.LONG, 1L);
        byte[] name = StampedState.NAME.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < requests; i++) {
            long id = i + 1L;
            peer.send(RawPeer.bytes(
                    out -> KvStateRequestCodec.encode(out, id, BUDGET_MILLIS, StampedState.JOB, name, 1, key)));
        }
        peer.flush();
    }

    private static long open(CountingStats stats) {
        return stats.requests() - stats.successes() - stats.failures() - stats.abandoned();
    }

    private static void await(BooleanSupplier condition, Duration most) {
        long end = System.nanoTime() + most.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            LockSupport.parkNanos(STEP_NANOS);
        }
    }
}
