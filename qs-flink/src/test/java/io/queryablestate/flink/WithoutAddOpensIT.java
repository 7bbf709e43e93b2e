package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.typeinfo.Types;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Run in a JVM of its own, without the flag that lets us find the task of a thread. */
@Timeout(60)
class WithoutAddOpensIT {

    private static FlinkCluster flink;

    @BeforeAll
    static void start() throws Exception {
        flink = FlinkCluster.start();
    }

    @AfterAll
    static void stop() throws Exception {
        flink.cancelAll();
        flink.stop();
    }

    @Test
    void shouldRefuseLookupsNameTheFlagOnceAndLeaveTheJobAlone() throws Exception {
        assertThat(Object.class.getModule().isOpen("java.lang", getClass().getModule()))
                .isFalse();
        JobID job = flink.submit(TestJobs.allKinds("no-flag", "hashmap", 10, 10));
        Progress.awaitRecords("no-flag", 50);

        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThatThrownBy(() -> flink.client()
                        .getKvState(job, "value", "key-1", Types.STRING, TestJobs.VALUE)
                        .get(10, TimeUnit.SECONDS))
                .hasMessageContaining("STATE_FAILED: the state cannot be read: its task cannot be reached")
                .hasMessageNotContaining("--add-opens"));

        Progress.awaitRecords("no-flag", 100);
        assertThat(flink.end(job)).isNotDone();
        assertThat(flink.log())
                .filteredOn(line -> line.contains("--add-opens=java.base/java.lang=ALL-UNNAMED"))
                .as("one warning from each task manager")
                .hasSize(FlinkCluster.TASK_MANAGERS);
    }
}
