package io.queryablestate.gates;

import io.queryablestate.client.QueryableStateClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** L1: half of what can be read at most, for long: memory does not grow, and answers do not come later than at first. */
final class SoakGate implements Gate {

    private static final int QUICK_SECONDS = 60;
    private static final int FULL_SECONDS = 1_800;
    private static final int FULL_WINDOWS = 30;
    private static final int QUICK_WINDOWS = 3;
    private static final int PEAK_SECONDS = 5;
    private static final int IN_FLIGHT_AT_PEAK = 64;
    private static final double LOAD = 0.5;
    private static final double MAX_SLOWER = 1.2;
    /** Differences below this are those of the machine. */
    private static final double NOISE_MILLIS = 2;

    private static final double MB_IN_TEN_MINUTES = 1;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    @Override
    public void run(GateRun run) throws Exception {
        int seconds = run.times(QUICK_SECONDS, FULL_SECONDS);
        int windows = run.times(QUICK_WINDOWS, FULL_WINDOWS);
        try (Target target = new Target(run);
                QueryableStateClient client = run.client(target.proxy()).build()) {
            Reads reads = new Reads(run, client, TIMEOUT, TargetProcess.KIBIBYTE);
            long perSecond = (long) (peak(reads) * LOAD);
            run.figure("reads_per_s", perSecond);
            List<Double> p99s = new ArrayList<>();
            List<Long> heaps = new ArrayList<>();
            for (int window = 0; window < windows; window++) {
                p99s.add(p99(reads, perSecond, Math.max(1, seconds / windows)));
                heaps.add(target.usage().heapBytes());
            }
            int second = Math.min(1, windows - 1);
            double grown = Target.megabytes(heaps.get(windows - 1) - heaps.get(second));
            double minutes = seconds / 60.0 * (windows - 1 - second) / windows;
            run.requireAtMost("heap_mb_grown", grown, Math.max(1, minutes / 10) * MB_IN_TEN_MINUTES);
            double before = p99s.get(second);
            run.figure("p99_ms_second_window", before);
            run.requireAtMost("p99_ms_last_window", p99s.get(windows - 1), before * MAX_SLOWER + NOISE_MILLIS);
            run.fault("second of load", seconds);
            run.require(run.ledger().typedErrors() == 0, run.ledger().typedErrors() + " requests failed");
        }
    }

    /** The median of the p99 of each second: what else the machine does for a second or two does not count. */
    private static double p99(Reads reads, long perSecond, int seconds) {
        double[] each = new double[seconds];
        for (int second = 0; second < seconds; second++) {
            each[second] = second(reads, perSecond).getValueAtPercentile(99) / 1e6;
        }
        Arrays.sort(each);
        return each[seconds / 2];
    }

    private static double peak(Reads reads) throws InterruptedException {
        reads.burst(5_000, IN_FLIGHT_AT_PEAK);
        long start = System.nanoTime();
        long end = start + TimeUnit.SECONDS.toNanos(PEAK_SECONDS);
        Semaphore free = new Semaphore(IN_FLIGHT_AT_PEAK);
        long requests = 0;
        for (; System.nanoTime() < end; requests++) {
            free.acquire();
            reads.ask().whenComplete((answer, failure) -> free.release());
        }
        free.acquire(IN_FLIGHT_AT_PEAK);
        return requests / ((System.nanoTime() - start) / 1e9);
    }

    /** A steady load, however the answers come. */
    private static Histogram second(Reads reads, long perSecond) {
        Histogram latencies = new ConcurrentHistogram(3);
        long start = System.nanoTime();
        long asked = 0;
        for (long passed = 0; passed < SECOND_NANOS; passed = System.nanoTime() - start) {
            for (long due = passed * perSecond / SECOND_NANOS; asked < due; asked++) {
                long begun = System.nanoTime();
                reads.ask().whenComplete((answer, failure) -> latencies.recordValue(System.nanoTime() - begun));
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
        return latencies;
    }
}
