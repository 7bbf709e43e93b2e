package io.queryablestate.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.queryablestate.client.QueryableState;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.network.CountingStats;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TaskManagerFailureIT {

    private static final int KEYS = 200;
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    /** What a lost task manager may look like, at the moment of the loss and after it. */
    private static final Set<ErrorCode> LOSS = EnumSet.of(
            ErrorCode.CONNECTION_LOST,
            ErrorCode.CONNECTION_REFUSED,
            ErrorCode.UNKNOWN_KV_STATE_ID,
            ErrorCode.NO_SERVER_FOR_KEY_GROUP,
            ErrorCode.SHUTTING_DOWN,
            ErrorCode.DEADLINE_EXCEEDED);

    private EmbeddedCluster cluster;
    private EmbeddedJob job;
    private EmbeddedState<Integer, Long> counts;
    private QueryableStateClient client;
    private QueryableState<Integer, Long> state;

    @BeforeEach
    void start() throws IOException {
        cluster = EmbeddedCluster.builder()
                .taskManagers(3)
                .drainTimeout(Duration.ofSeconds(1))
                .start();
        job = cluster.startJob("failing", 3, 32);
        counts = Ask.addCounts(job);
        for (int key = 0; key < KEYS; key++) {
            counts.put(key, (long) key);
        }
        client = Ask.client(cluster.proxyAddresses()).requestTimeout(TIMEOUT).build();
        state = Ask.counts(client, job);
    }

    @AfterEach
    void close() {
        client.close();
        cluster.close();
    }

    @Test
    void shouldEndEveryRequestTypedAndRecoverEveryValue_whenATaskManagerIsKilled() {
        List<CompletableFuture<Optional<Long>>> before = askAll();
        cluster.killTaskManager(1);
        List<CompletableFuture<Optional<Long>>> during = askAll();
        for (int key = 0; key < KEYS; key++) {
            assertValueOrLoss(before.get(key), key);
            assertValueOrLoss(during.get(key), key);
        }
        counts.update(0, count -> count == null ? null : count + 1_000);
        counts.update(1, count -> count == null ? null : count + 1_000);

        job.recover();

        for (int key = 0; key < KEYS; key++) {
            assertThat(Ask.value(state.get(key))).isEqualTo(key < 2 ? key + 1_000L : key);
        }
        assertThat(job.taskManagerOf(1)).isNotEqualTo(1);
    }

    @Test
    void shouldKeepTheStaleLocation_whenATaskManagerIsKilled() {
        cluster.killTaskManager(1);

        try (QueryableStateClient survivor = Ask.through(cluster.taskManagers().get(0))) {
            var location = Ask.answer(survivor.location(job.jobId(), "counts"));
            assertThat(location.ranges())
                    .extracting(range -> range.placement().server())
                    .contains(cluster.taskManagers().get(1).serverAddress());
        }
    }

    @Test
    void shouldUnregister_whenATaskManagerIsStopped() {
        cluster.stopTaskManager(1);

        try (QueryableStateClient survivor = Ask.through(cluster.taskManagers().get(0))) {
            var location = Ask.answer(survivor.location(job.jobId(), "counts"));
            assertThat(location.ranges())
                    .hasSize(2)
                    .extracting(range -> range.placement().server())
                    .doesNotContain(cluster.taskManagers().get(1).serverAddress());
        }
    }

    @Test
    void shouldServeEveryValueAgain_whenAKilledTaskManagerIsRestarted() throws IOException {
        askAll().forEach(Ask::value);
        cluster.killTaskManager(1);
        counts.put(0, 1_000L);
        cluster.restartTaskManager(1);

        assertThat(job.taskManagerOf(1)).isEqualTo(1);
        assertAllThroughEachProxy(1_000L);
    }

    @Test
    void shouldServeEveryValueAgain_whenAStoppedTaskManagerIsRestarted() throws IOException {
        askAll().forEach(Ask::value);
        cluster.stopTaskManager(2);
        cluster.restartTaskManager(2);

        assertThat(job.taskManagerOf(2)).isEqualTo(2);
        assertAllThroughEachProxy(0L);
    }

    @Test
    void shouldLeaveRecoveredSubtasksWhereTheyAre_whenTheirFormerTaskManagerComesBack() throws IOException {
        cluster.killTaskManager(1);
        job.recover();
        int host = job.taskManagerOf(1);
        cluster.restartTaskManager(1);

        assertThat(host).isNotEqualTo(1);
        assertThat(job.taskManagerOf(1)).isEqualTo(host);
        assertAllThroughEachProxy(0L);
    }

    @Test
    void shouldLoseNoRequest_whenTheClientHasOtherProxies() {
        askAll().forEach(Ask::value);
        job.moveSubtask(1, 0);
        cluster.killTaskManager(1);

        for (int key = 0; key < KEYS; key++) {
            assertThat(Ask.value(state.get(key))).isEqualTo(key);
        }
    }

    @Test
    void shouldLeaveNoConnectionToOtherStateServers_whenATaskManagerIsStopped() {
        assertNoConnectionIsLeftOf(() -> cluster.stopTaskManager(0));
    }

    @Test
    void shouldLeaveNoConnectionToOtherStateServers_whenATaskManagerIsKilled() {
        assertNoConnectionIsLeftOf(() -> cluster.killTaskManager(0));
    }

    private void assertNoConnectionIsLeftOf(Runnable endOfTaskManager0) {
        CountingStats other = cluster.taskManagers().get(1).serverStatistics();
        try (QueryableStateClient through = Ask.through(cluster.taskManagers().get(0))) {
            for (int key = 0; key < KEYS; key++) {
                Ask.value(Ask.counts(through, job).get(key));
            }
            assertThat(other.openConnections()).isEqualTo(1);
            endOfTaskManager0.run();
        }
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(other.openConnections()).isZero());
    }

    @Test
    void shouldNeedATaskManagerThatIsUp_whenPlacingSubtasks() {
        cluster.killTaskManager(0);
        assertThatThrownBy(() -> job.moveSubtask(1, 0)).hasMessage("task manager 0 is down");
        cluster.killTaskManager(1);
        cluster.killTaskManager(2);
        assertThatThrownBy(job::recover).hasMessage("no task manager is up");
        assertThatThrownBy(() -> cluster.startJob("job", 1, 1)).hasMessage("no task manager is up");
    }

    private List<CompletableFuture<Optional<Long>>> askAll() {
        List<CompletableFuture<Optional<Long>>> asked = new ArrayList<>();
        for (int key = 0; key < KEYS; key++) {
            asked.add(state.get(key));
        }
        return asked;
    }

    private static void assertValueOrLoss(CompletableFuture<Optional<Long>> answer, long expected) {
        try {
            assertThat(Ask.value(answer)).isEqualTo(expected);
        } catch (QueryableStateException e) {
            assertThat(e.code()).as(e.getMessage()).isIn(LOSS);
        }
    }

    private void assertAllThroughEachProxy(long valueOfKey0) {
        for (EmbeddedTaskManager taskManager : cluster.taskManagers()) {
            try (QueryableStateClient through = Ask.through(taskManager)) {
                QueryableState<Integer, Long> asked = Ask.counts(through, job);
                for (int key = 0; key < KEYS; key++) {
                    assertThat(Ask.value(asked.get(key))).isEqualTo(key == 0 ? valueOfKey0 : key);
                }
            }
        }
    }
}
