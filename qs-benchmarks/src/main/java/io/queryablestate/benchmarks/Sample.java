package io.queryablestate.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one measurement of one peer has shown.
 *
 * @param requestsPerSecond answered
 * @param p50Micros median time of a request, in microseconds
 * @param p99Micros 99th percentile, in microseconds
 * @param cpuSeconds of client, proxy and server together, for a million requests
 * @param proxyCpuSeconds of the proxy, for a million requests
 * @param proxyBytes allocated on the proxy's heap, for a request
 */
record Sample(
        double requestsPerSecond,
        double p50Micros,
        double p99Micros,
        double cpuSeconds,
        double proxyCpuSeconds,
        double proxyBytes) {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MICRO = 1e3;
    private static final double MILLION = 1e6;

    /** Relates what was used to what was answered. */
    static Sample of(LoadResult load, List<ProcessUsage> all, ProcessUsage proxy) {
        double requests = load.requests();
        double cpuNanos = all.stream().mapToLong(ProcessUsage::cpuNanos).sum();
        return new Sample(
                requests * NANOS_PER_SECOND / load.elapsedNanos(),
                load.p50Nanos() / NANOS_PER_MICRO,
                load.p99Nanos() / NANOS_PER_MICRO,
                cpuNanos / NANOS_PER_SECOND / requests * MILLION,
                proxy.cpuNanos() / NANOS_PER_SECOND / requests * MILLION,
                proxy.allocatedBytes() / requests);
    }

    /**
     * The median of each figure by itself.
     *
     * @param samples at least one
     */
    static Sample median(List<Sample> samples) {
        return new Sample(
                median(samples, Sample::requestsPerSecond),
                median(samples, Sample::p50Micros),
                median(samples, Sample::p99Micros),
                median(samples, Sample::cpuSeconds),
                median(samples, Sample::proxyCpuSeconds),
                median(samples, Sample::proxyBytes));
    }

    private static double median(List<Sample> samples, ToDoubleFunction<Sample> figure) {
        double[] sorted = samples.stream().mapToDouble(figure).toArray();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
