package io.queryablestate.gates;

import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.KvStateId;
import io.queryablestate.network.CountingStats;
import io.queryablestate.network.ServerOptions;
import io.queryablestate.server.KvStateRegistry;
import io.queryablestate.server.KvStateRegistryOptions;
import io.queryablestate.server.KvStateServer;
import io.queryablestate.server.ReadMode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** R8: a server that stops answers what it has accepted and refuses the rest, and ends on time with a read that does not. */
final class ShutdownGate implements Gate {

    private static final int QUICK = 100;
    private static final int FULL = 1_000;
    private static final int ACCEPTED = 50;
    private static final Duration READ_TIME = Duration.ofMillis(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SHORT_DRAIN = Duration.ofMillis(200);
    private static final Duration STUCK = Duration.ofSeconds(2);
    private static final long GRACE_MILLIS = 1_000;
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    @Override
    public void run(GateRun run) throws Exception {
        int stops = run.times(QUICK, FULL);
        for (int i = 0; i < stops; i++) {
            drain(run);
            run.fault("stop under load");
        }
        stopWithStuckRead(run);
    }

    /** 50 reads are under way when the server is told to stop, and others come after that. */
    private static void drain(GateRun run) throws Exception {
        BrokenState state = new BrokenState(ServerProcess.VALUE_BYTES);
        state.pause(READ_TIME);
        try (LoneServer server = LoneServer.pooled(state, 2);
                LoneProxy proxy = LoneProxy.before(List.of(server.placement()));
                QueryableStateClient client =
                        run.client(proxy.address()).maxAttempts(1).build()) {
            Reads reads = new Reads(run, client, TIMEOUT);
            reads.burst(1, 1);
            List<CompletableFuture<Optional<byte[]>>> accepted = new ArrayList<>();
            for (int i = 0; i < ACCEPTED; i++) {
                accepted.add(reads.ask());
            }
            awaitRequests(server.stats, ACCEPTED + 1);
            CompletableFuture<Void> stopped = server.server().stop();
            List<CompletableFuture<Optional<byte[]>>> late = List.of(reads.ask(), reads.ask());
            for (CompletableFuture<Optional<byte[]>> request : accepted) {
                boolean answered =
                        request.handle((answer, failure) -> failure == null).get(10, TimeUnit.SECONDS);
                run.require(answered, "a read that was accepted was not answered");
            }
            for (CompletableFuture<Optional<byte[]>> request : late) {
                request.handle((answer, failure) -> {
                            ErrorCode code = failure == null ? null : Ledger.codeOf(failure);
                            run.require(
                                    failure == null
                                            || code == ErrorCode.SHUTTING_DOWN
                                            || code == ErrorCode.CONNECTION_LOST
                                            || code == ErrorCode.CONNECTION_REFUSED,
                                    "a read that came after the stop ended with " + code);
                            return null;
                        })
                        .get(10, TimeUnit.SECONDS);
            }
            stopped.get(10, TimeUnit.SECONDS);
        }
    }

    private static void awaitRequests(CountingStats stats, int requests) {
        long end = System.nanoTime() + TIMEOUT.toNanos();
        while (stats.requests() < requests && System.nanoTime() < end) {
            LockSupport.parkNanos(STEP_NANOS);
        }
    }

    /** A read that outlives the drain time does not hold up the server. */
    private static void stopWithStuckRead(GateRun run) throws IOException, InterruptedException {
        BrokenState state = new BrokenState(ServerProcess.VALUE_BYTES);
        state.pause(STUCK);
        KvStateId id = new KvStateId(9, 9);
        try (KvStateRegistry registry = new KvStateRegistry(KvStateRegistryOptions.builder()
                .closeTimeout(Duration.ofMillis(100))
                .build())) {
            registry.register(StampedState.registration(state, ReadMode.pooled(), id, StampedState.allKeyGroups()));
            KvStateServer server = new KvStateServer(
                    ServerOptions.builder()
                            .eventLoopThreads(1)
                            .drainTimeout(SHORT_DRAIN)
                            .build(),
                    registry,
                    new CountingStats());
            server.start();
            try (LoneProxy proxy = LoneProxy.before(server.address(), id);
                    QueryableStateClient client =
                            run.client(proxy.address()).maxAttempts(1).build()) {
                Reads reads = new Reads(run, client, TIMEOUT);
                CompletableFuture<Optional<byte[]>> stuck = reads.ask();
                while (state.slow.get() == 0) {
                    LockSupport.parkNanos(STEP_NANOS);
                }
                long start = System.nanoTime();
                server.close();
                long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                run.fault("stop with a stuck read");
                run.requireAtMost("stop_with_stuck_read_ms", millis, SHORT_DRAIN.toMillis() + GRACE_MILLIS);
                stuck.handle((answer, failure) -> null).join();
            }
        }
        // The read itself is over by then, and its thread gone.
        LockSupport.parkNanos(STUCK.toNanos());
    }
}
