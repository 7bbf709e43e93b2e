package io.queryablestate.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.queryablestate.client.BatchResult;
import io.queryablestate.client.QueryableState;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.QueryableStateException;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many keys in one call, through real proxies and state servers. */
class BatchIT {

    private static final int KEYS = 2_500;

    private final List<Integer> keys = IntStream.range(0, KEYS + 10).boxed().toList();
    private EmbeddedCluster cluster;
    private EmbeddedJob job;

    @BeforeEach
    void start() throws IOException {
        cluster = EmbeddedCluster.builder().taskManagers(3).start();
        job = cluster.startJob("batches", 5, 128);
        EmbeddedState<Integer, Long> counts = Ask.addCounts(job);
        for (int key = 0; key < KEYS; key++) {
            counts.put(key, 10L * key);
        }
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void shouldFindEveryKey_evenWhileSubtasksMove() {
        try (QueryableStateClient client = Ask.through(cluster)) {
            QueryableState<Integer, Long> state = Ask.counts(client, job);
            for (int round = 0; round < 20; round++) {
                if (round % 2 == 1) {
                    job.moveSubtask(round % 5, round % 3);
                }
                assertAllRight(Ask.answer(state.getAll(keys)).orThrow());
            }
        }
    }

    private static void assertAllRight(BatchResult<Integer, Long> result) {
        assertThat(result.found()).hasSize(KEYS).allSatisfy((key, value) -> assertThat(value)
                .isEqualTo(10L * key));
        assertThat(result.absent()).hasSize(10).allMatch(key -> key >= KEYS);
    }

    @Test
    void shouldFailOnlyTheKeysOfATaskManagerThatHasDied() {
        try (QueryableStateClient client = Ask.through(cluster.taskManagers().get(0))) {
            QueryableState<Integer, Long> state = Ask.counts(client, job);
            assertAllRight(Ask.answer(state.getAll(keys)).orThrow());
            cluster.killTaskManager(2);

            BatchResult<Integer, Long> result = Ask.answer(state.getAll(keys));

            assertThat(result.failed()).isNotEmpty();
            assertThat(result.failed().values())
                    .extracting(QueryableStateException::code)
                    .doesNotContain(ErrorCode.DEADLINE_EXCEEDED, ErrorCode.PROTOCOL_VIOLATION);
            assertThat(result.found()).isNotEmpty().allSatisfy((key, value) -> assertThat(value)
                    .isEqualTo(10L * key));
            assertThat(result.found().size()
                            + result.absent().size()
                            + result.failed().size())
                    .isEqualTo(keys.size());

            job.recover();
            assertThat(Ask.answer(state.getAll(keys)).orThrow().found()).isNotEmpty();
        }
    }
}
