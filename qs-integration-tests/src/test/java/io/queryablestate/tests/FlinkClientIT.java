package io.queryablestate.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.embedded.EmbeddedCluster;
import io.queryablestate.embedded.EmbeddedJob;
import io.queryablestate.embedded.EmbeddedState;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.ServerAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Flink's own clients, unchanged, against our proxies: they get what they got from Flink's. */
class FlinkClientIT {

    private static final int KEYS = 200;

    private static EmbeddedCluster cluster;
    private static EmbeddedJob job;

    @BeforeAll
    static void start() throws Exception {
        cluster = EmbeddedCluster.builder().taskManagers(2).start();
        job = cluster.startJob("kinds", 4, 128);
        EmbeddedState<String, Long> values =
                job.addState("values", Serializers.STRING, StateDescriptor.value(Serializers.LONG));
        EmbeddedState<String, List<Long>> lists =
                job.addState("lists", Serializers.STRING, StateDescriptor.list(Serializers.LONG));
        EmbeddedState<String, Map<String, Long>> maps =
                job.addState("maps", Serializers.STRING, StateDescriptor.map(Serializers.STRING, Serializers.LONG));
        EmbeddedState<String, Long> sums =
                job.addState("sums", Serializers.STRING, StateDescriptor.reducing(Serializers.LONG));
        EmbeddedState<String, Long> aggregates = job.addState(
                "aggregates", Serializers.STRING, StateDescriptor.aggregating(Serializers.LONG, sum -> sum));
        for (int i = 0; i < KEYS; i++) {
            values.put("key-" + i, (long) i);
            lists.put("key-" + i, List.of((long) i, i + 1L, i + 2L));
            maps.put("key-" + i, Map.of("a", (long) i, "b", -1L));
            sums.put("key-" + i, i * (i + 1L) / 2);
            aggregates.put("key-" + i, 3L * i);
        }
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    static Stream<String> versions() {
        return Stream.of(System.getProperty("flink.versions").split(","));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void shouldReadEveryKindForEveryKey_whenAskedThroughEachProxy(String version) throws Exception {
        for (ServerAddress proxy : cluster.proxyAddresses()) {
            try (FlinkClient client = new FlinkClient(version, proxy)) {
                for (int i = 0; i < KEYS; i++) {
                    String key = "key-" + i;
                    long n = i;
                    assertThat(client.value(job.jobId(), "values", key)).isEqualTo(n);
                    assertThat(client.list(job.jobId(), "lists", key)).containsExactly(n, n + 1, n + 2);
                    assertThat(client.map(job.jobId(), "maps", key))
                            .containsOnly(Map.entry("a", n), Map.entry("b", -1L));
                    assertThat(client.reducing(job.jobId(), "sums", key, (a, b) -> (Long) a + (Long) b))
                            .isEqualTo(n * (n + 1) / 2);
                    assertThat(client.aggregating(job.jobId(), "aggregates", key, sum -> "sum " + sum))
                            .isEqualTo("sum " + 3 * n);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void shouldFailAsFlinkDoes_whenThereIsNothingToRead(String version) throws Exception {
        try (FlinkClient client =
                new FlinkClient(version, cluster.proxyAddresses().get(0))) {
            assertThat(client.failure(job.jobId(), "values", "no such key"))
                    .get()
                    .satisfies(error -> assertThat(error.getClass().getName())
                            .isEqualTo("org.apache.flink.queryablestate.exceptions.UnknownKeyOrNamespaceException"));
            assertThat(client.failure(job.jobId(), "no such state", "key-1"))
                    .get()
                    .satisfies(error -> assertThat(error)
                            .isInstanceOf(RuntimeException.class)
                            .hasMessageContaining("UnknownKvStateLocation"));
            assertThat(client.failure(JobId.random(), "values", "key-1")).get().satisfies(error -> assertThat(error)
                    .isInstanceOf(RuntimeException.class)
                    .hasMessageContaining("UnknownLocationException"));
            assertThat(client.value(job.jobId(), "values", "key-7")).isEqualTo(7);
        }
    }
}
