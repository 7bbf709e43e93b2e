package io.queryablestate.benchmarks;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.knowm.xchart.XYChart;

/** Requests a second of all peers over requests in flight. */
@SuppressWarnings("ImmutableEnumChecker") // its fields are never changed
enum ComparisonChart {
    PROXIED("Reads through a proxy", "comparison-proxied.svg", Row.PROXY_1, Row.PROXY_16, Row.PROXY_256),
    ONE_HOP("Reads in one hop", "comparison-one-hop.svg", Row.ONE_HOP_1, Row.ONE_HOP_16, Row.ONE_HOP_256);

    private final String title;
    private final String fileName;
    private final List<Row> rows;

    ComparisonChart(String title, String fileName, Row... rows) {
        this.title = title;
        this.fileName = fileName;
        this.rows = List.of(rows);
    }

    String title() {
        return title;
    }

    String fileName() {
        return fileName;
    }

    /** Whether there is something to be drawn. */
    boolean isOf(Results results) {
        return rows.stream().anyMatch(row -> !results.of(row).isEmpty());
    }

    XYChart draw(Results results) {
        XYChart chart = Charts.logarithmic(title, "requests in flight", "requests/s");
        for (PeerName peer : PeerName.values()) {
            SortedMap<Integer, Double> points = new TreeMap<>();
            for (Row row : rows) {
                results.median(row, peer)
                        .ifPresent(median -> points.put(row.work().inFlight(), median.requestsPerSecond()));
            }
            Charts.addLine(chart, peer.title(), points);
        }
        return chart;
    }
}
