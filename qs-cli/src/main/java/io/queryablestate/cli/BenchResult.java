package io.queryablestate.cli;

import io.queryablestate.messages.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * What a benchmark has measured.
 *
 * @param nanos how long each request took, failed ones too
 * @param elapsedNanos from the first request to the end of the last one
 * @param errors how many requests failed, by code
 * @param absent how many keys had no value
 * @param wrong how many values were not those of their keys; {@link #UNCHECKED} if that cannot be told
 */
record BenchResult(Histogram nanos, long elapsedNanos, Map<ErrorCode, Long> errors, long absent, long wrong) {

    static final long UNCHECKED = -1;

    /** Whether there were requests, none of them failed, and no value was wrong. */
    boolean isGood() {
        return nanos.getTotalCount() > 0 && errors.isEmpty() && wrong <= 0;
    }

    /** The result for people. */
    List<String> lines(long retries) {
        long requests = nanos.getTotalCount();
        List<String> lines = new ArrayList<>();
        lines.add(text("requests    %,d in %.1f s", requests, elapsedNanos / 1e9));
        lines.add(text("throughput  %,.0f requests/s", requests * 1e9 / elapsedNanos));
        lines.add(text(
                "latency     p50 %s  p99 %s  p99.9 %s  max %s",
                millis(nanos.getValueAtPercentile(50)),
                millis(nanos.getValueAtPercentile(99)),
                millis(nanos.getValueAtPercentile(99.9)),
                millis(nanos.getMaxValue())));
        lines.add(text("retries     %,d by the client", retries));
        lines.add(text("absent      %,d", absent));
        lines.add("wrong       " + (wrong == UNCHECKED ? "not checked, the values are not generated ones" : wrong));
        lines.add("errors      "
                + (errors.isEmpty()
                        ? "0"
                        : errors.entrySet().stream()
                                .map(error -> error.getKey() + " " + error.getValue())
                                .collect(Collectors.joining(", "))));
        return lines;
    }

    static String millis(long nanos) {
        return text("%.2f ms", nanos / 1e6);
    }

    /** Numbers look the same everywhere. */
    static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
