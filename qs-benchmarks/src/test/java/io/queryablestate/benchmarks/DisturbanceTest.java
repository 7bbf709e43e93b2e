package io.queryablestate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DisturbanceTest {

    @Test
    void shouldCountAllButIdleTime_whenTheSystemTellsItsProcessorTime() {
        long busy = ProcessorTime.busyNanos("cpu  1 2 3 1000 1000 4 5 6 100 100");

        assertThat(busy).isEqualTo(TimeUnit.MILLISECONDS.toNanos(210));
    }

    @Test
    void shouldTellTheShareOfOthers_whenTheyUseTheMachineToo() {
        Disturbance start = new Disturbance(0, OptionalLong.of(100), 50);
        Disturbance end = new Disturbance(1_000, OptionalLong.of(1_600), 1_050);

        assertThat(start.shareOfOthers(end, 2)).hasValue(0.25);
    }

    @Test
    void shouldNotGuess_whenTheSystemDoesNotTellItsProcessorTime() {
        Disturbance start = new Disturbance(0, OptionalLong.empty(), 50);
        Disturbance end = new Disturbance(1_000, OptionalLong.empty(), 1_050);

        assertThat(start.shareOfOthers(end, 2)).isEmpty();
    }
}
