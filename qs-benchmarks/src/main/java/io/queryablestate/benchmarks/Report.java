package io.queryablestate.benchmarks;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** The result of a comparison as Markdown. */
record Report(CompareOptions options, Machine machine, LocalDate date, Results results) {

    private static final String NOT_MEASURED = "–";

    String markdown() {
        StringBuilder text = new StringBuilder("# Reads side by side\n\n");
        header(text);
        targets(text);
        charts(text);
        for (Row row : options.rows()) {
            Map<PeerName, List<Sample>> samples = results.of(row);
            if (!samples.isEmpty()) {
                table(text, row, samples);
            }
        }
        return text.toString();
    }

    private void header(StringBuilder text) {
        text.append(String.format(Locale.ROOT, "Written by `%s` on %s. %s.%n%n", options.commandLine(), date, machine));
        text.append(String.format(
                Locale.ROOT,
                "%,d long keys with values of %d bytes unless a title says otherwise, every value checked. %s Medians of"
                        + " %d interleaved rounds of %d s after a warm-up; the lowest and highest round in brackets."
                        + " Compare figures of this page with each other only.%n",
                Workload.SMALL.keys(),
                Workload.SMALL.valueBytes(),
                options.oneProcess()
                        ? "Client, proxy and server of a peer share a process."
                        : "Client, proxy and server of a peer are separate processes.",
                options.rounds(),
                options.measurement().toSeconds()));
        results.shareOfOthers()
                .ifPresent(share -> text.append(String.format(
                        Locale.ROOT,
                        "%nOther programs used %.0f %% of the machine's processor time during the rounds.%n",
                        share * 100)));
        results.failures()
                .forEach(failure -> text.append(String.format(
                        "%n**%s, %s**: %s%n", failure.peer().title(), failure.where(), failure.reason())));
    }

    private void targets(StringBuilder text) {
        text.append("\n## Targets\n\nThe verdict is on the default callback executor.\n\n");
        text.append("| work | target | ours | with a direct executor | |\n|---|---|--:|--:|---|\n");
        for (Target target : Target.values()) {
            OptionalDouble reached = target.reached(results, PeerName.OURS);
            text.append(String.format(
                    "| %s | %s | %s | %s | %s |%n",
                    target.title(),
                    target.goal(),
                    figure(reached),
                    figure(target.reached(results, PeerName.OURS_DIRECT)),
                    verdict(target, reached)));
        }
    }

    private static String verdict(Target target, OptionalDouble reached) {
        if (reached.isEmpty()) {
            return "not measured";
        }
        return target.isMet(reached.getAsDouble()) ? "met" : "**missed**";
    }

    private static String figure(OptionalDouble number) {
        return number.isPresent() ? String.format(Locale.ROOT, "%.2f", number.getAsDouble()) : NOT_MEASURED;
    }

    private void charts(StringBuilder text) {
        for (ComparisonChart chart : ComparisonChart.values()) {
            if (chart.isOf(results)) {
                text.append(String.format("%n![%s](%s)%n", chart.title(), chart.fileName()));
            }
        }
    }

    private void table(StringBuilder text, Row row, Map<PeerName, List<Sample>> samples) {
        text.append(String.format("%n## %s%n%n", row.title()));
        text.append("| peer | requests/s | × Flink | × raw | p50 µs | × Flink | × raw | p99 µs | × Flink | p99.9 µs"
                + " | CPU s per million, all | × Flink | proxy: CPU s per million | heap bytes per request"
                + " | MiB direct |\n");
        text.append("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
        Optional<Sample> flink = results.median(row, PeerName.FLINK);
        Optional<Sample> raw = results.median(row, PeerName.RAW);
        samples.forEach((peer, rounds) -> text.append(new ReportLine(peer, rounds, flink, raw).markdown()));
    }
}
