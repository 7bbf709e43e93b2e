package io.queryablestate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScaleReportTest {

    private final ScaleResults results = new ScaleResults();
    private final ScaleReport report =
            new ScaleReport(true, new Machine(2, "processor", "system", "java"), LocalDate.of(2026, 1, 2), results);

    @Test
    void shouldShowTheMedianOfEachSizeInOrder_whenRoundsHaveMeasuredIt() {
        add(ScaleSweep.SERVERS, 64, 10);
        add(ScaleSweep.SERVERS, 2, 1_000);
        add(ScaleSweep.SERVERS, 2, 3_000);
        add(ScaleSweep.SERVERS, 2, 2_000);

        assertThat(report.markdown())
                .contains(
                        "| 2 | 2,000 | 1 | 2 | 4.00 | 5.00 | 6 | 1.0 |\n| 64 | 10 | 1 | 2 | 4.00 | 5.00 | 6 | 1.0 |\n")
                .doesNotContain("More " + ScaleSweep.STATES.title());
    }

    @Test
    void shouldTellBytesASecond_whenValuesGrow() {
        add(ScaleSweep.VALUES, 1 << 20, 123);

        assertThat(report.markdown()).contains("| 1,048,576 | 123 | 123.0 |");
    }

    @Test
    void shouldSayWhatHasFailed_whenNotAllWasMeasured() {
        results.fail("2 servers: no answer");

        assertThat(report.markdown())
                .contains("**Failed**: 2 servers: no answer")
                .doesNotContain("## Memory");
    }

    @Test
    void shouldTellWhatOneMoreHolds_whenMemoryWasMeasured() {
        ProcessMemory none = new ProcessMemory(0, 0);
        ProcessMemory connection =
                new ProcessMemory(5_000, 70).since(new ProcessMemory(1_000, 50)).dividedBy(2);
        results.memory(new ScaleMemory(connection, none, none, none, none, none));

        assertThat(report.markdown()).contains("| open connection of a client | proxy | 2,000 | 10 |");
    }

    @Test
    void shouldDrawWhatWasMeasured_whenThereIsNoDisplay(@TempDir Path directory) throws IOException {
        add(ScaleSweep.CONNECTIONS, 1, 100);
        add(ScaleSweep.CONNECTIONS, 2_000, 10);
        Path file = directory.resolve(ScaleSweep.CONNECTIONS.chartFile());

        Charts.write(report.chart(ScaleSweep.CONNECTIONS), file);

        assertThat(file).content().contains("<svg").contains("</svg>");
    }

    private void add(ScaleSweep sweep, int size, double requestsPerSecond) {
        results.add(sweep, size, new Sample(requestsPerSecond, 1, 2, 3, 4, 5, 6, 1 << 20));
    }
}
