package io.queryablestate.gates;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/** R9: while states move, and old ones end late, no read is answered with a wrong value or a false absence. */
final class RoutingGate implements Gate {

    private static final int QUICK = 10_000;
    private static final int FULL = 1_000_000;
    private static final int IN_FLIGHT = 16;
    private static final int READS_PER_MOVE = 100;

    @Override
    public void run(GateRun run) throws Exception {
        int reads = run.times(QUICK, FULL);
        Semaphore free = new Semaphore(IN_FLIGHT);
        try (MovingFaults moving = new MovingFaults(run)) {
            for (int i = 0; i < reads; i++) {
                if (i % READS_PER_MOVE == 0) {
                    moving.move(i / READS_PER_MOVE);
                }
                free.acquire();
                CompletableFuture<?> asked = moving.ask();
                asked.whenComplete((answer, failure) -> free.release());
            }
            free.acquire(IN_FLIGHT);
        }
        run.requireAtLeast("checked_reads", run.ledger().ok(), reads * 0.99);
    }
}
