package io.queryablestate.benchmarks;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The result of a comparison as Markdown. */
record Report(CompareOptions options, Machine machine, LocalDate date, Results results) {

    String markdown() {
        StringBuilder text = new StringBuilder("# Reads through a proxy, side by side\n\n");
        text.append(String.format(
                Locale.ROOT,
                "Written by `qs-benchmarks/compare.sh%s` on %s. %s.%n%n",
                options.quick() ? " --quick" : "",
                date,
                machine));
        text.append(String.format(
                Locale.ROOT,
                "%,d long keys, values of %d bytes, every value checked. Client, proxy and server are three processes."
                        + " Medians of %d interleaved rounds of %d s after %d s of warm-up for each peer; the lowest and"
                        + " highest round in brackets. Compare figures of this page with each other only.%n",
                Workload.KEYS,
                Workload.VALUE_BYTES,
                options.rounds(),
                options.measurement().toSeconds(),
                options.warmUp().toSeconds()));
        results.shareOfOthers()
                .ifPresent(share -> text.append(String.format(
                        Locale.ROOT,
                        "%nOther programs used %.0f %% of the machine's processor time during the rounds.%n",
                        share * 100)));
        for (int inFlight : options.inFlight()) {
            text.append(String.format(Locale.ROOT, "%n## %d in flight%n%n", inFlight));
            table(text, results.at(inFlight));
        }
        return text.toString();
    }

    private static void table(StringBuilder text, Map<PeerName, List<Sample>> samples) {
        text.append(
                "| peer | requests/s | × Flink | × raw | p50 µs | × Flink | × raw | p99 µs | × Flink"
                        + " | CPU s per million, all | × Flink | CPU s per million, proxy | bytes allocated per request, proxy |\n");
        text.append("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
        Sample flink = Sample.median(samples.getOrDefault(PeerName.FLINK, List.of()));
        Sample raw = Sample.median(samples.getOrDefault(PeerName.RAW, List.of()));
        samples.forEach((peer, rounds) -> text.append(row(peer, rounds, flink, raw)));
    }

    private static String row(PeerName peer, List<Sample> rounds, Sample flink, Sample raw) {
        Sample median = Sample.median(rounds);
        return String.format(
                Locale.ROOT,
                "| %s | %,.0f (%,.0f–%,.0f) | %.2f | %.2f | %,.0f | %.2f | %.2f | %,.0f | %.2f | %.2f | %.2f | %.2f | %,.0f |%n",
                peer.title(),
                median.requestsPerSecond(),
                rounds.stream().mapToDouble(Sample::requestsPerSecond).min().orElse(0),
                rounds.stream().mapToDouble(Sample::requestsPerSecond).max().orElse(0),
                median.requestsPerSecond() / flink.requestsPerSecond(),
                median.requestsPerSecond() / raw.requestsPerSecond(),
                median.p50Micros(),
                median.p50Micros() / flink.p50Micros(),
                median.p50Micros() / raw.p50Micros(),
                median.p99Micros(),
                median.p99Micros() / flink.p99Micros(),
                median.cpuSeconds(),
                median.cpuSeconds() / flink.cpuSeconds(),
                median.proxyCpuSeconds(),
                median.proxyBytes());
    }
}
