package io.queryablestate.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.queryablestate.client.Catalogue;
import io.queryablestate.client.QueryableState;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.client.serialization.ListStateDescriptor;
import io.queryablestate.client.serialization.MapStateDescriptor;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.client.serialization.TimeWindow;
import io.queryablestate.messages.CatalogueEntry;
import io.queryablestate.messages.KeyGroupRange;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.StateKind;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbeddedClusterIT {

    private static final int KEYS = 500;

    private EmbeddedCluster cluster;
    private EmbeddedJob job;

    @BeforeEach
    void start() throws IOException {
        cluster = EmbeddedCluster.builder().taskManagers(3).start();
        job = cluster.startJob("word-count", 3, 128);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void shouldFindEveryKey_throughEveryProxy() {
        EmbeddedState<Integer, Long> counts = Ask.addCounts(job);
        for (int key = 0; key < KEYS; key++) {
            counts.put(key, 10L * key);
        }

        for (EmbeddedTaskManager taskManager : cluster.taskManagers()) {
            try (QueryableStateClient client = Ask.through(taskManager)) {
                QueryableState<Integer, Long> state = Ask.counts(client, job);
                for (int key = 0; key < KEYS; key++) {
                    assertThat(Ask.value(state.get(key))).isEqualTo(10L * key);
                }
                assertThat(Ask.answer(state.get(KEYS))).isEmpty();
            }
            assertThat(taskManager.proxyStatistics().failures()).isZero();
            assertThat(taskManager.serverStatistics().requests()).isPositive();
        }
    }

    @Test
    void shouldAnswerEachKind_asTheJobWroteIt() {
        ListStateDescriptor<String> list = StateDescriptor.list(Serializers.STRING);
        MapStateDescriptor<String, Long> map = StateDescriptor.map(Serializers.STRING, Serializers.LONG);
        var reducing = StateDescriptor.reducing(Serializers.LONG);
        var aggregating = StateDescriptor.aggregating(Serializers.LONG, sum -> "sum " + sum);
        job.addState("list", Serializers.STRING, list).put("a", List.of("x", "", "y"));
        job.addState("map", Serializers.STRING, map).put("a", Map.of("x", 1L, "y", 2L));
        job.addState("sum", Serializers.STRING, reducing).update("a", sum -> sum == null ? 4L : sum + 1);
        EmbeddedState<String, Long> accumulators = job.addState("text", Serializers.STRING, aggregating);
        accumulators.put("a", 6L);
        accumulators.update("a", sum -> sum == null ? 0L : sum + 1);

        try (QueryableStateClient client = Ask.through(cluster)) {
            assertThat(Ask.value(client.state(job.jobId(), "list", Serializers.STRING, list)
                            .get("a")))
                    .containsExactly("x", "", "y");
            assertThat(Ask.value(client.state(job.jobId(), "map", Serializers.STRING, map)
                            .get("a")))
                    .containsOnly(Map.entry("x", 1L), Map.entry("y", 2L));
            assertThat(Ask.value(client.state(job.jobId(), "sum", Serializers.STRING, reducing)
                            .get("a")))
                    .isEqualTo(4L);
            assertThat(Ask.value(client.state(job.jobId(), "text", Serializers.STRING, aggregating)
                            .get("a")))
                    .isEqualTo("sum 7");
        }
        assertThat(accumulators.get("a")).contains(7L);
    }

    @Test
    void shouldTellNamespacesApart_whenTheKeyIsTheSame() {
        EmbeddedState<Integer, Long> counts = Ask.addCounts(job);
        TimeWindow early = new TimeWindow(0, 10);
        TimeWindow late = new TimeWindow(10, 20);
        counts.put(1, early, Serializers.TIME_WINDOW, 100L);
        counts.put(1, late, Serializers.TIME_WINDOW, 200L);
        counts.remove(1, early, Serializers.TIME_WINDOW);

        try (QueryableStateClient client = Ask.through(cluster)) {
            QueryableState<Integer, Long> state = Ask.counts(client, job);
            assertThat(Ask.value(state.get(1, late, Serializers.TIME_WINDOW))).isEqualTo(200L);
            assertThat(Ask.answer(state.get(1, early, Serializers.TIME_WINDOW))).isEmpty();
            assertThat(Ask.answer(state.get(1))).isEmpty();
        }
    }

    @Test
    void shouldLeaveTheValueAsItIs_whenAChangeThrows() {
        EmbeddedState<Integer, Long> counts = Ask.addCounts(job);
        counts.put(1, 10L);

        assertThatThrownBy(() -> counts.update(1, present -> {
                    throw new IllegalArgumentException("not now");
                }))
                .hasMessage("not now");

        assertThat(counts.get(1)).contains(10L);
        try (QueryableStateClient client = Ask.through(cluster)) {
            assertThat(Ask.value(Ask.counts(client, job).get(1))).isEqualTo(10L);
        }
    }

    @Test
    void shouldRemoveTheValue_whenAChangeReturnsNone() {
        EmbeddedState<Integer, Long> counts = Ask.addCounts(job);
        counts.put(1, 10L);
        counts.put(2, 20L);

        counts.update(1, present -> null);
        counts.remove(2);
        counts.remove(3);

        assertThat(counts.size()).isZero();
        try (QueryableStateClient client = Ask.through(cluster)) {
            assertThat(Ask.answer(Ask.counts(client, job).get(1))).isEmpty();
            assertThat(Ask.answer(Ask.counts(client, job).get(2))).isEmpty();
        }
    }

    @Test
    void shouldKeepEveryValue_whenRescaledUpAndDown() {
        EmbeddedState<Integer, Long> counts = Ask.addCounts(job);
        for (int key = 0; key < KEYS; key++) {
            counts.put(key, 10L * key);
        }

        try (QueryableStateClient client = Ask.through(cluster)) {
            QueryableState<Integer, Long> state = Ask.counts(client, job);
            for (int parallelism : new int[] {2, 4, 2, 128, 1}) {
                job.rescale(parallelism);
                assertThat(job.parallelism()).isEqualTo(parallelism);
                assertThat(Ask.answer(client.catalogue()).entries()).hasSize(parallelism);
                for (int key = 0; key < KEYS; key++) {
                    assertThat(Ask.value(state.get(key))).isEqualTo(10L * key);
                }
            }
        }
    }

    @Test
    void shouldListEverySubtask_inTheCatalogueOfItsTaskManager() {
        Ask.addCounts(job);

        try (QueryableStateClient client = Ask.through(cluster)) {
            Catalogue catalogue = Ask.answer(client.catalogue());
            assertThat(catalogue.answered()).hasSize(3);
            assertThat(catalogue.failed()).isEmpty();
            assertThat(catalogue.entries())
                    .extracting(CatalogueEntry::keyGroups)
                    .containsExactlyInAnyOrder(
                            new KeyGroupRange(0, 42), new KeyGroupRange(43, 85), new KeyGroupRange(86, 127));
            assertThat(catalogue.entries()).allSatisfy(entry -> {
                assertThat(entry.jobName()).isEqualTo("word-count");
                assertThat(entry.stateName()).isEqualTo("counts");
                assertThat(entry.kind()).isEqualTo(StateKind.VALUE);
                assertThat(entry.keyType()).isEqualTo("int");
                assertThat(entry.valueType()).isEqualTo("long");
            });
        }
    }

    @Test
    void shouldPlaceSubtasksInTurn_asTheLocationSays() {
        Ask.addCounts(job);

        try (QueryableStateClient client = Ask.through(cluster)) {
            KvStateLocation location = Ask.answer(client.location(job.jobId(), "counts"));
            assertThat(location.ranges())
                    .extracting(range -> range.placement().server())
                    .containsExactlyElementsOf(cluster.taskManagers().stream()
                            .map(EmbeddedTaskManager::serverAddress)
                            .toList());
        }
    }

    @Test
    void shouldRefuseMistakes_withWhatIsExpected() {
        Ask.addCounts(job);

        assertThatThrownBy(() -> Ask.addCounts(job)).hasMessage("the job has a state \"counts\" already");
        assertThatThrownBy(() -> cluster.startJob("job", 3, 2)).hasMessage("a parallelism is 1 to 2, got 3");
        assertThatThrownBy(() -> job.rescale(129)).hasMessage("a parallelism is 1 to 128, got 129");
        assertThatThrownBy(() -> job.moveSubtask(3, 0)).hasMessage("there is no subtask 3, there are 3");
        assertThatThrownBy(() -> cluster.killTaskManager(3)).hasMessage("there is no task manager 3, there are 3");
        assertThatThrownBy(() -> EmbeddedCluster.builder().taskManagers(0).start())
                .hasMessage("a cluster has at least 1 task manager, got 0");
        assertThatThrownBy(() -> cluster.restartTaskManager(0)).hasMessage("task manager 0 is up");
    }
}
