package io.queryablestate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SampleTest {

    @Test
    void shouldRelateUsageToRequests_whenAMeasurementEnds() {
        LoadResult load = new LoadResult(500_000, 2_000_000_000L, 1_500, 9_000, 10_000);
        ProcessUsage server = new ProcessUsage(1_000_000_000L, 7, 8);
        ProcessUsage proxy = new ProcessUsage(2_000_000_000L, 60_000_000, 1 << 20);

        Sample sample = Sample.of(load, List.of(server, proxy), proxy);

        assertThat(sample).isEqualTo(new Sample(250_000, 1.5, 9, 10, 6, 4, 120, 1 << 20));
    }

    @Test
    void shouldTakeTheMedianOfEachFigure_whenTheNumberOfRoundsIsOdd() {
        Sample median = Sample.median(List.of(sample(3, 10), sample(1, 30), sample(2, 20)));

        assertThat(median).isEqualTo(sample(2, 20));
    }

    @Test
    void shouldTakeTheMiddleOfTheTwoInTheMiddle_whenTheNumberOfRoundsIsEven() {
        Sample median = Sample.median(List.of(sample(4, 1), sample(1, 4), sample(2, 2), sample(3, 3)));

        assertThat(median).isEqualTo(sample(2.5, 2.5));
    }

    private static Sample sample(double requestsPerSecond, double p50Micros) {
        return new Sample(requestsPerSecond, p50Micros, 0, 0, 0, 0, 0, 0);
    }
}
