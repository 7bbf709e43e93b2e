package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.queryablestate.client.QueryableStateClient;
import org.apache.flink.queryablestate.exceptions.UnknownKeyOrNamespaceException;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs of a real Flink, read with Flink's own unchanged client through the packaged jar. */
@Timeout(90)
@SuppressWarnings("deprecation") // Flink's client is deprecated, and what this is about.
class FlinkJobsIT {

    private static final int KEYS = 200;
    private static final int RECORDS_PER_KEY = 10;
    /** So many numbers exceed {@link FlinkCluster#RESPONSE_LIMIT}. */
    private static final int LARGE_LIST = 10_000;

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
    @MethodSource("io.queryablestate.flink.StateBackends#all")
    void shouldReadEveryKindForEveryKey_whenAskedThroughEachProxy(String backend) throws Exception {
        String name = "all-kinds-" + backend;
        JobID job = flink.submit(TestJobs.allKinds(name, backend, KEYS, RECORDS_PER_KEY));
        Progress.awaitRecords(name, KEYS * RECORDS_PER_KEY);
        for (QueryableStateClient client : flink.clients()) {
            awaitRegistered(client, job, "aggregating", TestJobs.AGGREGATING, 10);
            for (int key = 0; key < KEYS; key++) {
                assertAllKinds(client, job, key);
            }
        }
        for (int port : flink.proxyPorts()) {
            try (StateReader library = ClientLibrary.connect(List.of(port))) {
                for (int key = 0; key < KEYS; key++) {
                    assertAllKinds(library, job, key);
                }
            }
        }
    }

    private static void assertAllKinds(QueryableStateClient client, JobID job, int key) throws Exception {
        Written written = Written.to(key);
        String name = "key-" + key;
        assertThat(get(client, job, "value", name, TestJobs.VALUE).value()).isEqualTo(written.last());
        assertThat(get(client, job, "list", name, TestJobs.LIST).get()).containsExactlyElementsOf(written.numbers());
        assertThat(get(client, job, "map", name, TestJobs.MAP).entries())
                .containsExactlyInAnyOrderElementsOf(written.map().entrySet());
        assertThat(get(client, job, "reducing", name, TestJobs.REDUCING).get()).isEqualTo(written.sum());
        assertThat(get(client, job, "aggregating", name, TestJobs.AGGREGATING).get())
                .isEqualTo("sum " + written.sum());
    }

    /** With this project's client, which reads the accumulator of an aggregating state where it has no function for it. */
    private static void assertAllKinds(StateReader library, JobID job, int key) throws Exception {
        Written written = Written.to(key);
        String name = "key-" + key;
        assertThat(get(library, job, "value", "VALUE", "long", name)).isEqualTo(written.last());
        assertThat(get(library, job, "list", "LIST", "long", name)).isEqualTo(written.numbers());
        assertThat(get(library, job, "map", "MAP", "map<int,long>", name)).isEqualTo(written.map());
        assertThat(get(library, job, "reducing", "REDUCING", "long", name)).isEqualTo(written.sum());
        assertThat(get(library, job, "aggregating", "AGGREGATING", "long", name))
                .isEqualTo(written.sum());
    }

    @Test
    void shouldFailAsFlinkDoes_whenThereIsNothingToRead() throws Exception {
        JobID job = flink.submit(TestJobs.allKinds("nothing-to-read", "hashmap", KEYS, 1));
        Progress.awaitRecords("nothing-to-read", KEYS);
        awaitRegistered(flink.client(), job, "value", TestJobs.VALUE, 10);

        assertThatThrownBy(() -> get(flink.client(), job, "value", "no such key", TestJobs.VALUE))
                .cause()
                .isInstanceOf(UnknownKeyOrNamespaceException.class);
        assertThatThrownBy(() -> get(flink.client(), job, "no such state", "key-1", TestJobs.VALUE))
                .hasMessageContaining("UnknownKvStateLocation");
        assertThatThrownBy(() -> get(flink.client(), new JobID(), "value", "key-1", TestJobs.VALUE))
                .hasMessageContaining("UnknownLocationException");
        assertThat(get(flink.client(), job, "value", "key-7", TestJobs.VALUE).value())
                .isEqualTo(7);
    }

    @Test
    void shouldFailTyped_whenTheKeyIsOfAnotherType() throws Exception {
        JobID job = flink.submit(TestJobs.allKinds("other-key-type", "hashmap", KEYS, 1));
        Progress.awaitRecords("other-key-type", KEYS);
        awaitRegistered(flink.client(), job, "value", TestJobs.VALUE, 10);

        assertThatThrownBy(() -> flink.client()
                        .getKvState(job, "value", 7L, Types.LONG, TestJobs.VALUE)
                        .get(10, TimeUnit.SECONDS))
                .hasMessageContaining("SERIALIZER_MISMATCH");
        assertThat(get(flink.client(), job, "value", "key-7", TestJobs.VALUE).value())
                .isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hashmap", "rocksdb"})
    void shouldFailTyped_whenTheValueExceedsTheLimit(String backend) throws Exception {
        String name = "large-" + backend;
        JobID job = flink.submit(TestJobs.allKinds(name, backend, 2, LARGE_LIST));
        Progress.awaitRecords(name, 2 * LARGE_LIST);
        awaitRegistered(flink.client(), job, "value", TestJobs.VALUE, 2);

        assertThatThrownBy(() -> get(flink.client(), job, "list", "key-1", TestJobs.LIST))
                .hasMessageContaining("FRAME_TOO_LARGE");
        assertThat(get(flink.client(), job, "value", "key-1", TestJobs.VALUE).value())
                .isEqualTo(2 * LARGE_LIST - 1);
    }

    @Test
    void shouldFailTheJob_whenTwoOperatorsUseTheSameName() throws Exception {
        JobID job = flink.submit(TestJobs.duplicateNames("duplicate-names"));

        JobResult result = flink.end(job).get(30, TimeUnit.SECONDS);

        assertThat(result.getSerializedThrowable()).isPresent();
        assertThat(result.getSerializedThrowable().get().getFullStringifiedStackTrace())
                .contains("KvState with name 'value' has already been registered by another operator");
    }

    @Test
    void shouldRefuseLookupsAndLeaveTheJobAlone_whenTheTaskCannotBeReached() throws Exception {
        JobID job = flink.submit(TestJobs.registeredElsewhere("unreachable", "hashmap", KEYS));
        Progress.awaitRecords("unreachable", KEYS);

        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThatThrownBy(
                        () -> get(flink.client(), job, "value", "key-7", TestJobs.VALUE))
                .hasMessageContaining("STATE_FAILED: the state cannot be read"));
        assertThat(flink.end(job)).isNotDone();
        assertThat(flink.log().stream().filter(line -> line.startsWith("Lookups of queryable state are refused")))
                .as("one warning from each task manager")
                .hasSize(FlinkCluster.TASK_MANAGERS);
    }

    /** The job's master learns of a state a little after its task has registered it. */
    private static <S extends State> void awaitRegistered(
            QueryableStateClient client, JobID job, String name, StateDescriptor<S, ?> descriptor, int keys) {
        await().atMost(Duration.ofSeconds(20))
                .ignoreException(ExecutionException.class)
                .until(() -> {
                    for (int key = 0; key < keys; key++) {
                        get(client, job, name, "key-" + key, descriptor);
                    }
                    return true;
                });
    }

    private static <S extends State> S get(
            QueryableStateClient client, JobID job, String name, String key, StateDescriptor<S, ?> descriptor)
            throws Exception {
        return client.getKvState(job, name, key, Types.STRING, descriptor).get(10, TimeUnit.SECONDS);
    }

    private static Object get(StateReader library, JobID job, String name, String kind, String valueType, String key)
            throws Exception {
        return library.get(job.toString(), name, kind, valueType, key)
                .get(10, TimeUnit.SECONDS)
                .orElseThrow();
    }

    /** What the states of a key hold after all of its records. */
    private record Written(List<Long> numbers) {

        static Written to(int key) {
            return new Written(LongStream.range(0, RECORDS_PER_KEY)
                    .mapToObj(record -> key + record * KEYS)
                    .toList());
        }

        long last() {
            return numbers.get(RECORDS_PER_KEY - 1);
        }

        long sum() {
            return numbers.stream().mapToLong(Long::longValue).sum();
        }

        Map<Integer, Long> map() {
            Map<Integer, Long> map = new HashMap<>();
            numbers.forEach(n -> map.put((int) (n % 7), n));
            return map;
        }
    }
}
