package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.typeinfo.Types;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Maps that are rewritten on every record, with something of Flink wrapped around them that hides their backend. */
@Timeout(120)
class WrappedMapsIT {

    private static final int KEYS = 10;
    private static final int ANSWERS = Integer.getInteger("qs.flink.wrapped.answers", 300);

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

    @ParameterizedTest
    @MethodSource("io.queryablestate.flink.StateBackends#allWrapped")
    void shouldNeverSeeATornMap_whenItIsWrapped(String backend) throws Exception {
        JobID job = flink.submit(TestJobs.rewrittenMaps(backend, backend, KEYS));
        Progress.awaitRecords(backend, KEYS);

        Lookups lookups = new Lookups(n -> flink.clients()
                .get((int) (n % FlinkCluster.TASK_MANAGERS))
                .getKvState(job, "map", "key-" + n % KEYS, Types.STRING, TestJobs.MAP)
                .thenAccept(WrappedMapsIT::assertWhole));
        try (lookups) {
            await().atMost(Duration.ofSeconds(60)).until(() -> lookups.right.get() + lookups.wrong.size() >= ANSWERS);
        }
        assertThat(lookups.wrong).isEmpty();
    }

    private static void assertWhole(MapState<Integer, Long> map) {
        Set<Long> values = new HashSet<>();
        int entries = 0;
        try {
            for (Map.Entry<Integer, Long> entry : map.entries()) {
                values.add(entry.getValue());
                entries++;
            }
        } catch (Exception e) {
            throw new AssertionError("an answer that cannot be read", e);
        }
        assertThat(entries).isEqualTo(TestJobs.MAP_ENTRIES);
        assertThat(values).hasSize(1);
    }
}
