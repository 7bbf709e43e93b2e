package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.queryablestate.client.QueryableStateClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who reads states of RocksDB. All tasks are stuck in user code while they are asked, so that whatever answers is not a
 * task: that shows which states are read by query threads.
 */
@Timeout(120)
@SuppressWarnings("deprecation") // Flink's client is deprecated, and what this is about.
class RocksDbReadsIT {

    private static final int KEYS = 20;
    private static final String DEADLINE = "DEADLINE_EXCEEDED";

    /** Each test starts its own, as the settings are read then. */
    @SuppressWarnings("NullAway.Init")
    private FlinkCluster flink;

    @AfterEach
    void stop() throws Exception {
        flink.cancelAll();
        flink.stop();
        System.clearProperty("queryable-state.rocksdb-reads");
        System.clearProperty("queryable-state.request-timeout");
    }

    @Test
    void shouldAnswerAllButMaps_whenTheTaskIsStuck() throws Exception {
        start("concurrent");
        JobID job = stuck("rocksdb");

        for (QueryableStateClient client : flink.clients()) {
            for (long key = 0; key < KEYS; key++) {
                assertThat(get(client, job, key, TestJobs.VALUE).value()).isEqualTo(key);
                assertThat(get(client, job, key, TestJobs.LIST).get()).containsExactly(key);
                assertThat(get(client, job, key, TestJobs.REDUCING).get()).isEqualTo(key);
                assertThat(get(client, job, key, TestJobs.AGGREGATING).get()).isEqualTo("sum " + key);
            }
        }
        assertWaitForTheTask(job, TestJobs.MAP);
    }

    @ParameterizedTest
    @MethodSource("io.queryablestate.flink.StateBackends#allButPlainRocksDb")
    void shouldLeaveEveryOtherStateToItsTask(String backend) throws Exception {
        start("concurrent");
        JobID job = stuck(backend);

        assertWaitForTheTask(job, TestJobs.VALUE, TestJobs.LIST, TestJobs.REDUCING, TestJobs.MAP);
    }

    @Test
    void shouldLeaveAllToTheTask_whenTheOperatorSaysSo() throws Exception {
        start("owner");
        JobID job = stuck("rocksdb");

        assertWaitForTheTask(job, TestJobs.VALUE, TestJobs.AGGREGATING);
    }

    @Test
    void shouldReadMapsToo_whenTheOperatorSaysSo() throws Exception {
        start("concurrent-with-maps");
        JobID job = stuck("rocksdb");

        assertThat(get(flink.client(), job, 7, TestJobs.MAP).get(0)).isEqualTo(7);
        assertThat(get(flink.client(), job, 8, TestJobs.VALUE).value()).isEqualTo(8);
    }

    private void start(String reads) throws Exception {
        System.setProperty("queryable-state.rocksdb-reads", reads);
        System.setProperty("queryable-state.request-timeout", "1 s");
        flink = FlinkCluster.start();
    }

    private JobID stuck(String backend) throws Exception {
        String name = "stuck-" + backend + "-" + System.nanoTime();
        JobID job = flink.submit(TestJobs.stuck(name, backend, KEYS));
        Progress.awaitRecords(name, KEYS);
        // The last record to be registered may still be on its way to the job's master.
        await().atMost(Duration.ofSeconds(30)).until(() -> isKnown(job, TestJobs.AGGREGATING));
        return job;
    }

    private boolean isKnown(JobID job, StateDescriptor<?, ?> state) throws Exception {
        try {
            get(flink.client(), job, 1, state);
            return true;
        } catch (ExecutionException e) {
            return String.valueOf(e.getMessage()).contains(DEADLINE);
        }
    }

    /** Asks for all of them at a time, since each takes its whole time. */
    private void assertWaitForTheTask(JobID job, StateDescriptor<?, ?>... states) {
        List<CompletableFuture<?>> asked = new ArrayList<>();
        for (StateDescriptor<?, ?> state : states) {
            asked.add(ask(flink.client(), job, 1, state));
        }
        for (CompletableFuture<?> answer : asked) {
            assertThatThrownBy(() -> answer.get(20, TimeUnit.SECONDS)).hasMessageContaining(DEADLINE);
        }
    }

    private static <S extends State> S get(
            QueryableStateClient client, JobID job, long key, StateDescriptor<S, ?> state) throws Exception {
        return ask(client, job, key, state).get(20, TimeUnit.SECONDS);
    }

    /** States are registered by the names of their descriptors. */
    private static <S extends State> CompletableFuture<S> ask(
            QueryableStateClient client, JobID job, long key, StateDescriptor<S, ?> state) {
        return client.getKvState(job, state.getName(), "key-" + key, Types.STRING, state);
    }
}
