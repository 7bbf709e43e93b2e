package io.queryablestate.gates;

import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.gates.TargetProcess.Usage;
import io.queryablestate.messages.ErrorCode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * L2: four times as much as a state server can read, open loop. What it can do it still does, and the rest is told at
 * once.
 */
final class OverloadGate implements Gate {

    private static final int FACTOR = 4;
    private static final int PEAK_SECONDS = 5;
    private static final int QUICK_SECONDS = 20;
    private static final int FULL_SECONDS = 60;
    private static final int IN_FLIGHT_AT_PEAK = 64;
    private static final double MIN_GOODPUT = 0.8;
    private static final double MAX_REFUSAL_MILLIS = 10;
    private static final int QUEUE_LIMIT = 1024 * TargetProcess.QUERY_THREADS;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Duration BACK_TO_NORMAL = Duration.ofSeconds(2);

    @Override
    public void run(GateRun run) throws Exception {
        try (Target target = new Target(run);
                QueryableStateClient client =
                        run.client(target.proxy()).maxAttempts(1).build()) {
            Reads reads = new Reads(run, client, TIMEOUT, TargetProcess.BUSY);
            double peak = peak(reads);
            run.figure("peak_per_s", Math.round(peak));
            int seconds = run.times(QUICK_SECONDS, FULL_SECONDS);
            Measured measured = new Measured();
            long mostQueued = overload(reads, (long) (peak * FACTOR), seconds, measured, target);
            run.fault("overload second", seconds);
            run.requireAtLeast("goodput", measured.answered.sum() / (peak * seconds), MIN_GOODPUT);
            run.requireAtMost("refusal_p99_ms", measured.refusals.getValueAtPercentile(99) / 1e6, MAX_REFUSAL_MILLIS);
            run.figure("refusals", measured.refusals.getTotalCount());
            run.figure("expired", measured.expired.sum());
            run.require(measured.refusals.getTotalCount() > 0, "nothing was refused: it was no overload");
            run.require(measured.others.sum() == 0, measured.others + " ended neither answered, refused nor expired");
            run.requireAtMost("queue_most", mostQueued, QUEUE_LIMIT);
            backToNormal(run, reads);
        }
    }

    /** Answers a second when never more are asked for than can be under way. */
    private static double peak(Reads reads) throws InterruptedException {
        reads.burst(1_000, IN_FLIGHT_AT_PEAK);
        long start = System.nanoTime();
        int requests = 0;
        Semaphore free = new Semaphore(IN_FLIGHT_AT_PEAK);
        while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(PEAK_SECONDS)) {
            free.acquire();
            requests++;
            reads.ask().whenComplete((answer, failure) -> free.release());
        }
        free.acquire(IN_FLIGHT_AT_PEAK);
        return requests / ((System.nanoTime() - start) / 1e9);
    }

    private static long overload(Reads reads, long perSecond, int seconds, Measured measured, Target target)
            throws Exception {
        long start = System.nanoTime();
        long end = start + TimeUnit.SECONDS.toNanos(seconds);
        long asked = 0;
        long mostQueued = 0;
        long nextLook = start + TimeUnit.SECONDS.toNanos(seconds) / 2;
        for (long now = start; now < end; now = System.nanoTime()) {
            long due = (long) ((now - start) / 1e9 * perSecond);
            for (; asked < due; asked++) {
                measured.ask(reads, end);
            }
            if (now >= nextLook) {
                Usage usage = target.usage();
                mostQueued = Math.max(mostQueued, usage.queuedReads());
                nextLook = Long.MAX_VALUE;
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
        return mostQueued;
    }

    /** Two seconds later everybody is answered again, and quickly. */
    private static void backToNormal(GateRun run, Reads reads) throws InterruptedException {
        LockSupport.parkNanos(BACK_TO_NORMAL.toNanos());
        long failedBefore = run.ledger().typedErrors();
        long start = System.nanoTime();
        reads.burst(500, 4);
        run.figure("normal_again_mean_ms", (System.nanoTime() - start) / 1e6 * 4 / 500);
        run.require(
                run.ledger().typedErrors() == failedBefore,
                run.ledger().typedErrors() - failedBefore + " of 500 requests failed 2 s after the overload");
    }

    /** What became of the requests. */
    private static final class Measured {

        final LongAdder answered = new LongAdder();
        final LongAdder expired = new LongAdder();
        final LongAdder others = new LongAdder();
        final Histogram refusals = new ConcurrentHistogram(3);

        void ask(Reads reads, long endNanos) {
            long start = System.nanoTime();
            CompletableFuture<Optional<byte[]>> asked = reads.ask();
            asked.whenComplete((answer, failure) -> {
                long now = System.nanoTime();
                if (failure == null) {
                    // What is answered after the end was still waiting then: it counts for nobody.
                    if (now - endNanos <= 0) {
                        answered.increment();
                    }
                } else if (Ledger.codeOf(failure) == ErrorCode.OVERLOADED) {
                    refusals.recordValue(now - start);
                } else if (Ledger.codeOf(failure) == ErrorCode.DEADLINE_EXCEEDED) {
                    expired.increment();
                } else {
                    others.increment();
                }
            });
        }
    }
}
