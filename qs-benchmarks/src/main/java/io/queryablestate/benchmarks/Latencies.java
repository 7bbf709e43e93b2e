package io.queryablestate.benchmarks;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** How long requests have taken, to three digits. Thread-safe. */
final class Latencies {

    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int DIGITS = 3;

    private final Recorder recorder = new Recorder(LONGEST_NANOS, DIGITS);

    void record(long nanos) {
        recorder.recordValue(Math.min(nanos, LONGEST_NANOS));
    }

    /** What has been recorded since the last time. */
    LoadResult result(long elapsedNanos) {
        Histogram nanos = recorder.getIntervalHistogram();
        return new LoadResult(
                nanos.getTotalCount(),
                elapsedNanos,
                nanos.getValueAtPercentile(50),
                nanos.getValueAtPercentile(99),
                nanos.getValueAtPercentile(99.9));
    }
}
