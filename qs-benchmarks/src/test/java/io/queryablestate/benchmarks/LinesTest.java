package io.queryablestate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LinesTest {

    @Test
    void shouldReadBackWhatWasWritten_whenProcessesTellTheirFigures() {
        LoadResult load = new LoadResult(1, 2, 3, 4);
        ProcessUsage usage = new ProcessUsage(5, 6);

        assertThat(LoadResult.parse(load.line())).isEqualTo(load);
        assertThat(ProcessUsage.parse(usage.line())).isEqualTo(usage);
    }

    @Test
    void shouldRefuse_whenANumberIsMissing() {
        assertThatThrownBy(() -> Lines.longs("1 2 3", 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 2 3");
    }

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
    void shouldNameEachPeerAlike_whenItIsToldToAProcess() {
        for (PeerName peer : PeerName.values()) {
            assertThat(PeerName.ofId(peer.id())).isEqualTo(peer);
        }
    }
}
