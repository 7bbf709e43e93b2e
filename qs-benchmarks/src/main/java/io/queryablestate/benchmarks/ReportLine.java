package io.queryablestate.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The figures of one peer in one row.
 *
 * @param rounds at least one
 * @param flink what it is compared with; empty if that was not measured
 * @param raw the same
 */
record ReportLine(PeerName peer, List<Sample> rounds, Optional<Sample> flink, Optional<Sample> raw) {

    private static final String NOT_MEASURED = "–";
    private static final double BYTES_PER_MIB = 1 << 20;

    String markdown() {
        Sample median = Sample.median(rounds);
        return "| "
                + String.join(
                        " | ",
                        peer.title(),
                        number("%,.0f", median.requestsPerSecond()) + spread(),
                        ratio(median, flink, Sample::requestsPerSecond),
                        ratio(median, raw, Sample::requestsPerSecond),
                        number("%,.0f", median.p50Micros()),
                        ratio(median, flink, Sample::p50Micros),
                        ratio(median, raw, Sample::p50Micros),
                        number("%,.0f", median.p99Micros()),
                        ratio(median, flink, Sample::p99Micros),
                        number("%,.0f", median.p999Micros()),
                        number("%,.2f", median.cpuSeconds()),
                        ratio(median, flink, Sample::cpuSeconds),
                        number("%,.2f", median.proxyCpuSeconds()),
                        number("%,.0f", median.proxyBytes()),
                        peer.needsPeerLibraries()
                                ? NOT_MEASURED
                                : number("%,.1f", median.proxyDirectBytes() / BYTES_PER_MIB))
                + " |\n";
    }

    private String spread() {
        return String.format(
                Locale.ROOT,
                " (%,.0f–%,.0f)",
                rounds.stream().mapToDouble(Sample::requestsPerSecond).min().orElse(0),
                rounds.stream().mapToDouble(Sample::requestsPerSecond).max().orElse(0));
    }

    private static String ratio(Sample of, Optional<Sample> to, ToDoubleFunction<Sample> figure) {
        return to.isPresent()
                ? number("%.2f", figure.applyAsDouble(of) / figure.applyAsDouble(to.get()))
                : NOT_MEASURED;
    }

    private static String number(String format, double number) {
        return Double.isNaN(number) ? NOT_MEASURED : String.format(Locale.ROOT, format, number);
    }
}
