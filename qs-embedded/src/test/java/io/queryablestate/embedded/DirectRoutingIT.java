package io.queryablestate.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.queryablestate.client.QueryableState;
import io.queryablestate.client.QueryableStateClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that goes to the state servers itself, while those come, go and hand over their states. */
class DirectRoutingIT {

    private static final int KEYS = 300;

    private final List<Integer> keys = IntStream.range(0, KEYS).boxed().toList();
    private EmbeddedCluster cluster;
    private EmbeddedJob job;
    private QueryableStateClient client;
    private QueryableState<Integer, Long> state;

    @BeforeEach
    void start() throws IOException {
        cluster = EmbeddedCluster.builder().taskManagers(3).start();
        job = cluster.startJob("direct", 5, 128);
        EmbeddedState<Integer, Long> counts = Ask.addCounts(job);
        keys.forEach(key -> counts.put(key, 10L * key));
        client = Ask.client(cluster.proxyAddresses()).directRouting(true).build();
        state = Ask.counts(client, job);
    }

    @AfterEach
    void close() {
        client.close();
        cluster.close();
    }

    @Test
    void shouldNeedNoProxy_onceStateServersAreConnected() {
        awaitNoProxyAsked();
        assertThat(serverRequests()).isPositive();
    }

    @Test
    void shouldFindEveryKey_whileSubtasksMove() {
        for (int round = 0; round < 20; round++) {
            readAllRight();
            job.moveSubtask(round % 5, (round + 1) % 3);
        }
        readAllRight();
        awaitNoProxyAsked();
    }

    @Test
    void shouldFindEveryKeyAgain_whenATaskManagerHasDied() {
        awaitNoProxyAsked();
        cluster.killTaskManager(2);
        job.recover();
        readAllRight();
        awaitNoProxyAsked();
    }

    private void awaitNoProxyAsked() {
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            long before = proxyRequests();
            readAllRight();
            return proxyRequests() == before;
        });
    }

    private void readAllRight() {
        for (int key : keys) {
            assertThat(Ask.value(state.get(key))).isEqualTo(10L * key);
        }
        assertThat(Ask.answer(state.getAll(keys)).orThrow().found())
                .hasSize(KEYS)
                .allSatisfy((key, value) -> assertThat(value).isEqualTo(10L * key));
    }

    private long proxyRequests() {
        return cluster.taskManagers().stream()
                .mapToLong(taskManager -> taskManager.proxyStatistics().requests())
                .sum();
    }

    private long serverRequests() {
        return cluster.taskManagers().stream()
                .mapToLong(taskManager -> taskManager.serverStatistics().requests())
                .sum();
    }
}
