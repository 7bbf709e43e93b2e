package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The {@link SafetyTrials}, with small numbers here and the full ones by script. */
@Timeout(200)
class SafetyIT {

    private static FlinkCluster flink;

    @BeforeAll
    static void start() throws Exception {
        flink = FlinkCluster.start();
    }

    @AfterAll
    static void stop() throws Exception {
        flink.stop();
    }

    @AfterEach
    void cancelJobs() throws Exception {
        flink.cancelAll();
    }

    @Test
    void shouldNeitherHangTheJobNorAnswerWrong_whenAHeapStateGrowsUnderLookups() throws Exception {
        int keys = Counts.of(1_000_000, 3_000_000);

        TrialReport report = new SafetyTrials(flink).growingHeap(keys);

        assertPassed(report);
        assertThat(report.records()).isEqualTo(keys);
        assertThat(report.right()).as(report.toJson()).isGreaterThan(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hashmap", "rocksdb"})
    void shouldNeverSeeATornMap_whenItIsRewrittenOnEachRecord(String backend) throws Exception {
        int answers = Counts.of(1_000, 10_000);

        TrialReport report = new SafetyTrials(flink).rewrittenMaps(backend, answers);

        assertPassed(report);
        assertThat(report.right()).as(report.toJson()).isGreaterThan(answers / 2);
    }

    @Test
    void shouldSurviveAndCancelAsFastAsEver_whenJobsWithRocksDbMapsAreCancelledUnderLookups() throws Exception {
        int jobs = Counts.of(5, 40);

        TrialReport report = new SafetyTrials(flink).cancelledMaps(jobs);

        assertPassed(report);
        assertThat(report.millisAsked()).hasSize(jobs);
    }

    @Test
    void shouldSurviveAndCancelAsFastAsEver_whenQueryThreadsReadTheValuesOfRocksDbJobsThatAreCancelled()
            throws Exception {
        int jobs = Counts.of(5, 40);

        TrialReport report = new SafetyTrials(flink).cancelledValues(jobs);

        assertPassed(report);
        assertThat(report.millisAsked()).hasSize(jobs);
    }

    private static void assertPassed(TrialReport report) {
        assertThat(report.passed()).as(report.toJson()).isTrue();
    }
}
