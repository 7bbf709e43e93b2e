package io.queryablestate.gates;

import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.gates.FaultMixGate.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What the state behind a server does. Each kind has a server and a proxy of its own, beside the rig's. */
final class BackendFaults {

    private static final int STUCK_READS = 20;
    private static final Duration STUCK = Duration.ofSeconds(5);

    private BackendFaults() {}

    static List<Kind> of(FaultRig rig) {
        return List.of(
                new Kind("backend throws", number -> throwing(rig.run)),
                new Kind("backend slow", number -> slow(rig.run)));
    }

    private static void throwing(GateRun run) throws Exception {
        BrokenState state = new BrokenState(ServerProcess.VALUE_BYTES);
        ask(run, state, 2, reads -> {
            state.throwing(true);
            reads.burst(10, 10);
            state.throwing(false);
            if (state.thrown.get() > 0) {
                run.fault("backend throws");
            }
            new Recovery(run, "recovery").await(reads, "backend throws");
        });
    }

    /** Reads that take 5 s: their askers are told at the deadline, and everybody is served when they are over. */
    private static void slow(GateRun run) throws Exception {
        BrokenState state = new BrokenState(ServerProcess.VALUE_BYTES);
        ask(run, state, STUCK_READS, reads -> {
            state.pause(STUCK);
            reads.burst(STUCK_READS, STUCK_READS);
            state.pause(Duration.ZERO);
            run.fault("backend slow", state.slow.get());
            LockSupport.parkNanos(STUCK.toNanos() - TimeUnit.MILLISECONDS.toNanos(FaultRig.TIMEOUT.toMillis()));
            new Recovery(run, "recovery").await(reads, "backend slow");
        });
    }

    private static void ask(GateRun run, BrokenState state, int queryThreads, Scenario scenario) throws Exception {
        try (LoneServer server = LoneServer.pooled(state, queryThreads);
                LoneProxy proxy = LoneProxy.before(List.of(server.placement()));
                QueryableStateClient client = run.client(proxy.address()).build()) {
            scenario.run(new Reads(run, client, FaultRig.TIMEOUT));
        }
    }

    @FunctionalInterface
    private interface Scenario {
        void run(Reads reads) throws IOException, InterruptedException;
    }
}
