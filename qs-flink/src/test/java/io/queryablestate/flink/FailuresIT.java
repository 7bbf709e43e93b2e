package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Five hundred lookups a second go on while a job loses a task manager or its master, or changes its parallelism: each of
 * them ends typed by its deadline, none is answered wrong, and every key is answered again soon after the job runs again.
 */
@Timeout(400)
class FailuresIT {

    private static final Duration RECOVERY = Duration.ofSeconds(5);
    /** The default of the client library, and what it may exceed it by on an idle machine. */
    private static final long DEADLINE_MILLIS = 2_000 + 100;

    /** Flink's default for a task manager that is gone without a word is 50 s. */
    private static final Map<String, String> QUICK_TO_NOTICE =
            Map.of("heartbeat.interval", "1 s", "heartbeat.timeout", "10 s");

    private static FlinkCluster flink;

    @BeforeAll
    static void start() throws Exception {
        flink = FlinkCluster.start(2, 2, QUICK_TO_NOTICE);
    }

    @AfterAll
    static void stop() throws Exception {
        flink.stop();
    }

    @AfterEach
    void cancelJobs() throws Exception {
        flink.cancelAll();
    }

    static List<String> backends() {
        return Counts.full() ? List.of("hashmap", "rocksdb") : List.of("hashmap");
    }

    @ParameterizedTest
    @MethodSource("backends")
    void shouldAnswerAgain_whenATaskManagerIsKilledAndReplaced(String backend, TestReporter reporter) throws Exception {
        String name = "killed-" + backend;
        // On all slots, since killing a task manager without a task of the job would change nothing.
        JobID job = flink.submit(VersionedJob.create(name, backend, 4));
        awaitRunning(job, name, 1);
        SteadyLookups lookups = new SteadyLookups(name, job, flink.liveProxyPorts());
        List<Long> recoveries = new ArrayList<>();
        try (lookups) {
            recoveries.add(millisUntilEveryKeyIsAnswered(lookups));
            for (int round = 0; round < Counts.of(1, 10); round++) {
                int incarnation = History.of(name).incarnation();
                flink.replaceOldestTaskManager();
                awaitRunning(job, name, incarnation + 1);
                recoveries.add(millisUntilEveryKeyIsAnswered(lookups));
                lookups.continueAt(job, flink.liveProxyPorts());
            }
        }
        assertHeld(lookups, recoveries, reporter);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void shouldAnswerAgain_whenTheJobHasANewMaster(String backend, TestReporter reporter) throws Exception {
        String name = "new-master-" + backend;
        JobID job = flink.submit(VersionedJob.create(name, backend, 2));
        awaitRunning(job, name, 1);
        SteadyLookups lookups = new SteadyLookups(name, job, flink.liveProxyPorts());
        List<Long> recoveries = new ArrayList<>();
        try (lookups) {
            recoveries.add(millisUntilEveryKeyIsAnswered(lookups));
            for (int round = 0; round < Counts.of(1, 10); round++) {
                int incarnation = History.of(name).incarnation();
                flink.changeJobMaster(job);
                awaitRunning(job, name, incarnation + 1);
                recoveries.add(millisUntilEveryKeyIsAnswered(lookups));
            }
        }
        assertHeld(lookups, recoveries, reporter);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void shouldAnswerAgain_whenTheJobIsRescaledThroughSavepoints(
            String backend, @TempDir Path savepoints, TestReporter reporter) throws Exception {
        String name = "rescaled-" + backend;
        JobID job = flink.submit(VersionedJob.create(name, backend, 2));
        awaitRunning(job, name, 1);
        SteadyLookups lookups = new SteadyLookups(name, job, flink.liveProxyPorts());
        List<Long> recoveries = new ArrayList<>();
        try (lookups) {
            recoveries.add(millisUntilEveryKeyIsAnswered(lookups));
            for (int round = 0; round < Counts.of(1, 5); round++) {
                for (int parallelism : List.of(4, 2)) {
                    int incarnation = History.of(name).incarnation();
                    String savepoint = flink.stopWithSavepoint(job, savepoints);
                    JobGraph rescaled = VersionedJob.create(name, backend, parallelism)
                            .getStreamGraph()
                            .getJobGraph();
                    rescaled.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(savepoint));
                    job = flink.submit(rescaled);
                    lookups.continueAt(job, flink.liveProxyPorts());
                    awaitRunning(job, name, incarnation + 1);
                    recoveries.add(millisUntilEveryKeyIsAnswered(lookups));
                }
            }
        }
        assertHeld(lookups, recoveries, reporter);
    }

    private static void awaitRunning(JobID job, String name, int incarnation) {
        await("all tasks of " + name + " to run")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> History.of(name).incarnation() >= incarnation && flink.allTasksRun(job));
    }

    private static long millisUntilEveryKeyIsAnswered(SteadyLookups lookups) {
        long running = System.nanoTime();
        await("every key to be answered; " + lookups)
                .atMost(RECOVERY)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> lookups.everyKeyAnsweredSince(running));
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - running);
    }

    private static void assertHeld(SteadyLookups lookups, List<Long> recoveries, TestReporter reporter) {
        reporter.publishEntry(Map.of("lookups", lookups.toString(), "millis until every key", recoveries.toString()));
        assertThat(lookups.wrong).as(lookups.toString()).isEmpty();
        assertThat(lookups.untyped).as(lookups.toString()).isEmpty();
        assertThat(lookups.longestMillis.get())
                .as(lookups.toString())
                .isLessThanOrEqualTo(DEADLINE_MILLIS + lookups.longestStallMillis());
        assertThat(lookups.good.get()).as(lookups.toString()).isGreaterThan(VersionedJob.KEYS);
    }
}
