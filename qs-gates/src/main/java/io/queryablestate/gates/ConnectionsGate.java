package io.queryablestate.gates;

import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.gates.TargetProcess.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** L3: idle connections cost next to nothing, and others are served beside them. */
final class ConnectionsGate implements Gate {

    private static final int QUICK = 2_000;
    private static final int FULL = 10_000;
    private static final double MAX_KIB = 16;
    private static final int READ_MILLIS = 5_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    @Override
    public void run(GateRun run) throws Exception {
        int connections = run.times(QUICK, FULL);
        List<RawPeer> idle = new ArrayList<>();
        try (Target target = new Target(run);
                QueryableStateClient client =
                        run.client(target.proxy()).maxAttempts(1).build()) {
            Reads reads = new Reads(run, client, TIMEOUT);
            reads.burst(200, 8);
            Usage before = target.usage();
            for (int i = 0; i < connections; i++) {
                idle.add(new RawPeer(target.proxy(), 0, READ_MILLIS).greet());
            }
            run.fault("idle connection", connections);
            Usage after = target.usage();
            double heap = (after.heapBytes() - before.heapBytes()) / 1024.0 / connections;
            double direct = (after.directBytes() - before.directBytes()) / 1024.0 / connections;
            run.figure("heap_kib_each", Math.round(heap * 10) / 10.0);
            run.figure("direct_kib_each", Math.round(direct * 10) / 10.0);
            run.requireAtMost("kib_each", Math.round((heap + direct) * 10) / 10.0, MAX_KIB);
            reads.burst(1_000, 8);
            run.require(run.ledger().typedErrors() == 0, run.ledger().typedErrors() + " requests failed beside them");
        } finally {
            for (RawPeer peer : idle) {
                peer.close();
            }
        }
    }
}
