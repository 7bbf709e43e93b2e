package io.queryablestate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.internal.series.Series;

class ReportTest {

    private static final CompareOptions OPTIONS = CompareOptions.parse("target", "docs", "--quick");
    private static final Machine MACHINE = new Machine(2, "processor", "system", "java");

    private final Results results = new Results();

    @Test
    void shouldSayWhichTargetsAreMet_whenOursAndItsPeerWereMeasured() {
        add(Row.PROXY_256, PeerName.OURS, 499_999);
        add(Row.PROXY_256, PeerName.FLINK, 100_000);
        add(Row.PROXY_256, PeerName.RAW, 1_000_000);
        add(Row.PROXY_16, PeerName.OURS, 350_000);
        add(Row.PROXY_16, PeerName.OURS_DIRECT, 400_000);
        add(Row.PROXY_16, PeerName.FLINK, 100_000);

        assertThat(report())
                .contains("| Through a proxy, 256 in flight: requests/s | ≥ 5 × Flink | 5.00 | – | **missed** |")
                .contains("| Through a proxy, 256 in flight: requests/s | ≥ 0.5 × raw relay | 0.50 | – | **missed** |")
                .contains("| Through a proxy, 16 in flight: requests/s | ≥ 3.5 × Flink | 3.50 | 4.00 | met |")
                .contains("| Through a proxy, 16 in flight: requests/s | ≥ 0.7 × raw relay | – | – | not measured |");
    }

    @Test
    void shouldCompareKeysWithKeys_whenOneRequestReadsMany() {
        add(Row.GET_ALL, PeerName.OURS, 10_000);
        add(Row.PROXY_256, PeerName.OURS, 250_000);
        add(Row.GET_ALL, PeerName.OURS_DIRECT, 10_000);
        add(Row.PROXY_256, PeerName.OURS_DIRECT, 100_000);

        assertThat(report()).contains(": keys/s | ≥ 5 × single reads, 256 in flight | 4.00 | 10.00 | **missed** |");
    }

    @Test
    void shouldTakeLowForGood_whenATargetIsALimit() {
        results.add(Row.PROXY_256, PeerName.OURS, new Sample(1, 1, 1, 1, 4, 1, 121, 1));
        results.add(Row.PROXY_256, PeerName.FLINK, new Sample(1, 1, 1, 1, 20, 1, 1, 1));
        results.add(Row.LARGE_VALUES, PeerName.OURS, new Sample(1, 1, 1, 1, 1, 1, 1, 64 << 20));

        assertThat(report())
                .contains("CPU seconds per million | ≤ 0.2 × Flink | 0.20 | – | met |")
                .contains("proxy's heap per request | ≤ 120 bytes | 121.00 | – | **missed** |")
                .contains("proxy's direct memory | ≤ 64 MiB | 64.00 | – | met |");
    }

    @Test
    void shouldShowMedianSpreadAndRatios_whenAPeerWasMeasuredSeveralTimes() {
        add(Row.PROXY_256, PeerName.OURS, 100);
        add(Row.PROXY_256, PeerName.OURS, 300);
        add(Row.PROXY_256, PeerName.OURS, 200);
        add(Row.PROXY_256, PeerName.FLINK, 50);

        assertThat(report()).contains("| ours, default callback executor | 200 (100–300) | 4.00 | – |");
    }

    @Test
    void shouldSayWhoIsMissingAndWhy_whenAPeerHasFailed() {
        add(Row.PROXY_256, PeerName.OURS, 100);
        results.add(new PeerFailure(PeerName.REDIS, "left out", "there is no redis-server"));
        results.shareOfOthers(OptionalDouble.of(0.25));

        assertThat(report())
                .contains("**Redis through Lettuce, left out**: there is no redis-server")
                .contains("Other programs used 25 % of the machine's processor time")
                .contains("`qs-benchmarks/compare.sh --quick` on 2026-01-02. 2 × processor, system, java.")
                .contains("| ours, default callback executor | 100 (100–100) | – | – |");
    }

    @Test
    void shouldShowNoFigureOfTheProxy_whenNoProcessWasItsOwn() {
        Sample sample = Sample.of(new LoadResult(1, 1, 1, 1, 1), List.of(), null);
        results.add(Row.PROXY_256, PeerName.OURS, sample);

        assertThat(report()).contains("| – | – | – |\n").contains("≤ 120 bytes | – | – | not measured |");
    }

    @Test
    void shouldDrawWhatWasMeasured_whenThereIsNoDisplay(@TempDir Path directory) throws IOException {
        add(Row.PROXY_1, PeerName.OURS, 100);
        add(Row.PROXY_256, PeerName.OURS, 10_000);
        add(Row.PROXY_256, PeerName.FLINK, 1_000);
        Path file = directory.resolve(ComparisonChart.PROXIED.fileName());

        Charts.write(ComparisonChart.PROXIED.draw(results), file);

        assertThat(ComparisonChart.ONE_HOP.isOf(results)).isFalse();
        assertThat(ComparisonChart.PROXIED.draw(results).getSeriesCollection())
                .extracting(Series::getName)
                .containsExactly(PeerName.OURS.title(), PeerName.FLINK.title());
        assertThat(file).content().contains("<svg").contains("</svg>");
    }

    private void add(Row row, PeerName peer, double requestsPerSecond) {
        results.add(row, peer, new Sample(requestsPerSecond, 1, 1, 1, 1, 1, 1, 1));
    }

    private String report() {
        return new Report(OPTIONS, MACHINE, LocalDate.of(2026, 1, 2), results).markdown();
    }
}
