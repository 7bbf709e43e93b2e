package io.queryablestate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LinesTest {

    @Test
    void shouldReadBackWhatWasWritten_whenProcessesTellTheirFigures() {
        LoadResult load = new LoadResult(1, 2, 3, 4, 5);
        ProcessUsage usage = new ProcessUsage(6, 7, 8);
        Work work = Work.openLoop(Hop.ONE_HOP, Workload.LARGE, 9, 10);

        assertThat(Work.parse(work.line())).isEqualTo(work);
        assertThat(LoadResult.parse(load.line())).isEqualTo(load);
        assertThat(ProcessUsage.parse(usage.line())).isEqualTo(usage);
    }

    @Test
    void shouldRefuse_whenANumberIsMissing() {
        assertThatThrownBy(() -> Lines.longs("1 2 3", 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 2 3");
    }
}
