package io.queryablestate.benchmarks;

import java.time.LocalDate;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.knowm.xchart.XYChart;

/** The result of a run of {@link Scale} as Markdown and charts. */
record ScaleReport(boolean quick, Machine machine, LocalDate date, ScaleResults results) {

    private static final double BYTES_PER_MIB = 1 << 20;

    String markdown() {
        StringBuilder text = new StringBuilder("# Cost as work grows\n\n");
        text.append(String.format(
                "Written by `qs-benchmarks/scale.sh%s` on %s. %s.%n%nReads of values of %d bytes through one proxy unless a"
                        + " title says otherwise, every value checked. Medians.%n",
                quick ? " --quick" : "", date, machine, Workload.SMALL.valueBytes()));
        results.failures().forEach(failure -> text.append(String.format("%n**Failed**: %s%n", failure)));
        memory(text);
        for (ScaleSweep sweep : ScaleSweep.values()) {
            if (!results.of(sweep).isEmpty()) {
                table(text, sweep);
            }
        }
        return text.toString();
    }

    private void memory(StringBuilder text) {
        ScaleMemory memory = results.memory();
        if (memory == null) {
            return;
        }
        text.append("\n## Memory\n\n| one more | where | heap, bytes | direct, bytes |\n|---|---|--:|--:|\n");
        line(text, "open connection of a client", "proxy", memory.connectionAtProxy());
        line(text, "", "client", memory.connectionAtClient());
        line(text, "request in flight", "state server", memory.requestAtServer());
        line(text, "", "proxy", memory.requestAtProxy());
        line(text, "", "client, without its caller", memory.requestAtClient());
        line(text, "state with one server in the location cache", "proxy", memory.stateAtProxy());
    }

    private static void line(StringBuilder text, String what, String where, ProcessMemory bytes) {
        text.append(String.format(
                Locale.ROOT, "| %s | %s | %,d | %,d |%n", what, where, bytes.heapBytes(), bytes.directBytes()));
    }

    private void table(StringBuilder text, ScaleSweep sweep) {
        boolean values = sweep == ScaleSweep.VALUES;
        text.append(
                String.format("%n## More %s%n%n![CPU time of a request](%s)%n%n", sweep.title(), sweep.chartFile()));
        text.append("| | requests/s |" + (values ? " MiB/s |" : "")
                + " p50 µs | p99 µs | CPU µs per request, all | proxy | proxy's heap per request | MiB direct |\n");
        text.append("|--:|--:|" + (values ? "--:|" : "") + "--:|--:|--:|--:|--:|--:|\n");
        results.of(sweep)
                .forEach((size, median) -> text.append(String.format(
                        Locale.ROOT,
                        "| %,d | %,.0f |%s %,.0f | %,.0f | %,.2f | %,.2f | %,.0f | %,.1f |%n",
                        size,
                        median.requestsPerSecond(),
                        values
                                ? String.format(
                                        Locale.ROOT, " %,.1f |", median.requestsPerSecond() * size / BYTES_PER_MIB)
                                : "",
                        median.p50Micros(),
                        median.p99Micros(),
                        median.cpuSeconds(),
                        median.proxyCpuSeconds(),
                        median.proxyBytes(),
                        median.proxyDirectBytes() / BYTES_PER_MIB)));
    }

    /** Only for what was measured. */
    XYChart chart(ScaleSweep sweep) {
        XYChart chart = Charts.logarithmic("CPU time of a request", sweep.title(), "µs");
        SortedMap<Integer, Double> all = new TreeMap<>();
        SortedMap<Integer, Double> proxy = new TreeMap<>();
        results.of(sweep).forEach((size, median) -> {
            all.put(size, median.cpuSeconds());
            proxy.put(size, median.proxyCpuSeconds());
        });
        Charts.addLine(chart, "client, proxy and server", all);
        Charts.addLine(chart, "proxy", proxy);
        return chart;
    }
}
