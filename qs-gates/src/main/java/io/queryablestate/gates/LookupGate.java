package io.queryablestate.gates;

import io.queryablestate.client.QueryableStateClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** R4: lookups of one state are few while they fail, never two at a time, and a bad one spoils nothing. */
final class LookupGate implements Gate {

    private static final int FAILING_SECONDS = 3;
    private static final int MAX_PER_SECOND = 10;
    private static final Duration LOOKUP_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final int PER_SECOND = 200;
    private static final long RECOVERY_MILLIS = 1_000;

    @Override
    public void run(GateRun run) throws Exception {
        try (LoneServer server = LoneServer.on("127.0.0.1", 0, 0);
                LoneProxy proxy = LoneProxy.before(List.of(server.placement()));
                QueryableStateClient client = run.client(proxy.address()).build()) {
            Reads reads = new Reads(run, client, TIMEOUT);
            PacedLoad load = new PacedLoad(reads, PER_SECOND);
            try {
                int rounds = run.times(1, 10);
                for (int i = 0; i < rounds; i++) {
                    fail(
                            run,
                            proxy,
                            reads,
                            "throws",
                            () -> proxy.oracle((job, name) -> {
                                throw new IllegalStateException("thrown by the oracle");
                            }));
                    fail(
                            run,
                            proxy,
                            reads,
                            "fails",
                            () -> proxy.oracle(
                                    (job, name) -> CompletableFuture.failedFuture(new IllegalStateException("down"))));
                    fail(
                            run,
                            proxy,
                            reads,
                            "never answers",
                            () -> proxy.oracle((job, name) -> new CompletableFuture<>()));
                }
            } finally {
                load.close();
            }
            // Each failing lookup that was never answered is cancelled when it is overdue, so none is left.
            run.requireAtMost("lookups_at_a_time", proxy.mostLookups.get(), 1);
        }
    }

    private static void fail(GateRun run, LoneProxy proxy, Reads reads, String how, Runnable change)
            throws InterruptedException {
        change.run();
        proxy.proxy().evict(StampedState.JOB);
        long before = proxy.lookups.get();
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(FAILING_SECONDS));
        long lookups = proxy.lookups.get() - before;
        run.fault("lookup that " + how, lookups);
        run.figure("lookups_per_s_" + how.replace(' ', '_'), lookups / (double) FAILING_SECONDS);
        run.require(
                lookups <= MAX_PER_SECOND * FAILING_SECONDS + 1,
                lookups + " lookups in " + FAILING_SECONDS + " s while it " + how);
        run.require(lookups > 0, "nobody asked while it " + how);
        proxy.normalOracle();
        long healthy = System.nanoTime();
        new Recovery(run, "recovery").await(reads, "a lookup that " + how);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - healthy);
        // One that is never answered keeps its place until it is overdue.
        long allowed = RECOVERY_MILLIS + (how.startsWith("never") ? LOOKUP_TIMEOUT.toMillis() / 10 : 0);
        run.require(millis <= allowed, "the first success came " + millis + " ms after the oracle was well again");
    }
}
