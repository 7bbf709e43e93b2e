package io.queryablestate.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What one measurement of one peer has shown. The proxy's figures are NaN if no process was the proxy's alone.
 *
 * @param requestsPerSecond answered
 * @param p50Micros median time of a request, in microseconds
 * @param p99Micros 99th percentile, in microseconds
 * @param p999Micros 99.9th percentile, in microseconds
 * @param cpuSeconds of client, proxy and server together, for a million requests
 * @param proxyCpuSeconds of the proxy, for a million requests
 * @param proxyBytes allocated on the proxy's heap, for a request
 * @param proxyDirectBytes the most that the proxy's buffers outside the heap have held
 */
record Sample(
        double requestsPerSecond,
        double p50Micros,
        double p99Micros,
        double p999Micros,
        double cpuSeconds,
        double proxyCpuSeconds,
        double proxyBytes,
        double proxyDirectBytes) {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MICRO = 1e3;
    private static final double MILLION = 1e6;

    /** Relates what was used to what was answered. */
    static Sample of(LoadResult load, List<ProcessUsage> all, @Nullable ProcessUsage proxy) {
        double requests = load.requests();
        double cpuNanos = all.stream().mapToLong(ProcessUsage::cpuNanos).sum();
        return new Sample(
                requests * NANOS_PER_SECOND / load.elapsedNanos(),
                load.p50Nanos() / NANOS_PER_MICRO,
                load.p99Nanos() / NANOS_PER_MICRO,
                load.p999Nanos() / NANOS_PER_MICRO,
                cpuNanos / NANOS_PER_SECOND / requests * MILLION,
                proxy == null ? Double.NaN : proxy.cpuNanos() / NANOS_PER_SECOND / requests * MILLION,
                proxy == null ? Double.NaN : proxy.allocatedBytes() / requests,
                proxy == null ? Double.NaN : proxy.directBytes());
    }

    /**
     * The median of each figure by itself, of the memory the highest.
     *
     * @param samples at least one
     */
    static Sample median(List<Sample> samples) {
        return new Sample(
                median(samples, Sample::requestsPerSecond),
                median(samples, Sample::p50Micros),
                median(samples, Sample::p99Micros),
                median(samples, Sample::p999Micros),
                median(samples, Sample::cpuSeconds),
                median(samples, Sample::proxyCpuSeconds),
                median(samples, Sample::proxyBytes),
                samples.stream().mapToDouble(Sample::proxyDirectBytes).max().orElse(Double.NaN));
    }

    private static double median(List<Sample> samples, ToDoubleFunction<Sample> figure) {
        double[] sorted = samples.stream().mapToDouble(figure).toArray();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
