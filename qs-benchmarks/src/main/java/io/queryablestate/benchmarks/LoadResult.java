package io.queryablestate.benchmarks;

import java.util.Locale;

/**
 * What a client has seen.
 *
 * @param requests answered, all of them right
 * @param elapsedNanos from the first request to the end of the last one
 * @param p50Nanos median time of a request
 * @param p99Nanos 99th percentile
 * @param p999Nanos 99.9th percentile
 */
record LoadResult(long requests, long elapsedNanos, long p50Nanos, long p99Nanos, long p999Nanos) {

    /** As one line; {@link #parse} reads it. */
    String line() {
        return String.format(Locale.ROOT, "%d %d %d %d %d", requests, elapsedNanos, p50Nanos, p99Nanos, p999Nanos);
    }

    static LoadResult parse(String line) {
        long[] numbers = Lines.longs(line, 5);
        return new LoadResult(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
    }
}
