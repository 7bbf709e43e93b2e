package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.state.ReducingStateDescriptor;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.queryablestate.client.QueryableStateClient;
import org.apache.flink.queryablestate.client.state.serialization.KvStateSerializer;
import org.apache.flink.queryablestate.messages.KvStateResponse;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys and namespaces of jobs of a real Flink, asked for with Flink's own unchanged client. */
@Timeout(120)
@SuppressWarnings("deprecation") // Flink's client is deprecated, and what this is about.
class FlinkKeysIT {

    private static final int KEYS = 200;
    private static final ValueStateDescriptor<Long> LAST = new ValueStateDescriptor<>("last", Long.class);

    private static FlinkCluster flink;

    @BeforeAll
    static void start() throws Exception {
        flink = FlinkCluster.start();
        // Serializers of POJOs and generic types are made from it.
        flink.clients().forEach(client -> client.setExecutionConfig(new ExecutionConfig()));
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
    @ValueSource(strings = {"hashmap", "rocksdb"})
    void shouldReadPojoKeysOfTheVeryClass_andRefuseASubclass(String backend) throws Exception {
        String name = "pojo-" + backend;
        JobID job = flink.submit(KeyedJobs.last(name, backend, KEYS, FlinkKeysIT::sensor, Types.POJO(Sensor.class)));
        Progress.awaitRecords(name, KEYS);
        awaitAnswer(job, "last", sensor(1L), Types.POJO(Sensor.class));

        for (QueryableStateClient client : flink.clients()) {
            for (long n = 0; n < KEYS; n++) {
                assertThat(last(client, job, sensor(n), Types.POJO(Sensor.class)))
                        .isEqualTo(n);
            }
        }
        SpecialSensor special = new SpecialSensor();
        special.place = sensor(7L).place;
        special.number = 7L;
        assertThatThrownBy(() -> last(flink.client(), job, special, Types.POJO(Sensor.class)))
                .hasMessageContaining("SERIALIZER_MISMATCH")
                .hasMessageContaining("of the very class");
    }

    @Test
    void shouldRefuseGenericKeys_andLeaveTheJobAlone() throws Exception {
        JobID job = flink.submit(
                KeyedJobs.last("generic", "hashmap", KEYS, GenericKey::new, Types.GENERIC(GenericKey.class)));
        Progress.awaitRecords("generic", KEYS);

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThatThrownBy(
                        () -> last(flink.client(), job, new GenericKey(7L), Types.GENERIC(GenericKey.class)))
                .hasMessageContaining("STATE_FAILED: the state cannot be read"));
        assertThat(flink.end(job)).isNotDone();
        assertThat(flink.log())
                .filteredOn(line -> line.contains("kryo.KryoSerializer cannot be checked before they are read"))
                .as("one warning from each task manager")
                .hasSize(FlinkCluster.TASK_MANAGERS);
    }

    @Test
    void shouldReadGenericKeys_whenUncheckedKeysAreAllowed() throws Exception {
        String setting = "queryable-state.allow-unchecked-keys";
        System.setProperty(setting, "true");
        FlinkCluster trusting = FlinkCluster.start(1, 2, Map.of());
        try {
            JobID job = trusting.submit(
                    KeyedJobs.last("trusted", "hashmap", KEYS, GenericKey::new, Types.GENERIC(GenericKey.class)));
            Progress.awaitRecords("trusted", KEYS);
            await().atMost(Duration.ofSeconds(60))
                    .ignoreException(ExecutionException.class)
                    .until(() ->
                            last(trusting.client(), job, new GenericKey(7L), Types.GENERIC(GenericKey.class)) == 7);

            for (long n = 0; n < KEYS; n++) {
                assertThat(last(trusting.client(), job, new GenericKey(n), Types.GENERIC(GenericKey.class)))
                        .isEqualTo(n);
            }
        } finally {
            System.clearProperty(setting);
            trusting.stop();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hashmap", "rocksdb"})
    void shouldReadTheStateOfAWindow_whenAskedWithItsNamespace(String backend) throws Exception {
        String name = "windows-" + backend;
        JobID job = flink.submit(KeyedJobs.windows(name, backend, 1_000, 10));
        Progress.awaitRecords(name, 1_000);
        await().atMost(Duration.ofSeconds(60)).until(() -> sum(flink.client(), job, 0, 0) != null);

        for (QueryableStateClient client : flink.clients()) {
            for (int window = 0; window < 10; window++) {
                for (int key = 0; key < 10; key++) {
                    long first = (long) window * KeyedJobs.WINDOW_MILLIS + key;
                    assertThat(sum(client, job, key, window)).isEqualTo(10 * first + 450);
                }
            }
            assertThat(sum(client, job, 1, 10)).as("of a window that never was").isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hashmap", "rocksdb"})
    void shouldReadStreamsThatWereMadeQueryable(String backend) throws Exception {
        JobID job = flink.submit(KeyedJobs.streams(backend, 2 * KEYS, KEYS));
        ReducingStateDescriptor<Long> sums = new ReducingStateDescriptor<>("sum", new TestJobs.Sum(), Long.class);

        for (QueryableStateClient client : flink.clients()) {
            for (long n = 0; n < KEYS; n++) {
                String key = "key-" + n;
                long last = n + KEYS;
                await().pollDelay(Duration.ZERO)
                        .atMost(Duration.ofSeconds(60))
                        .ignoreExceptions()
                        .untilAsserted(() -> {
                            assertThat(client.getKvState(job, "stream-last", key, Types.STRING, LAST)
                                            .get(20, TimeUnit.SECONDS)
                                            .value())
                                    .isEqualTo(last);
                            assertThat(client.getKvState(job, "stream-sum", key, Types.STRING, sums)
                                            .get(20, TimeUnit.SECONDS)
                                            .get())
                                    .isEqualTo(2 * last - KEYS);
                        });
            }
        }
    }

    @Test
    void shouldSayThatTheJobIsUnknown_whenAProxyHasNoTaskOfIt() throws Exception {
        JobID job = flink.submit(KeyedJobs.lastOnOneTask("one task", KEYS));
        Progress.awaitRecords("one task", KEYS);

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            int answered = 0;
            int unknown = 0;
            for (QueryableStateClient client : flink.clients()) {
                try {
                    assertThat(last(client, job, "key-7", Types.STRING)).isEqualTo(7);
                    answered++;
                } catch (Exception e) {
                    assertThat(e).hasMessageContaining("UnknownLocationException");
                    unknown++;
                }
            }
            assertThat(answered).isEqualTo(1);
            assertThat(unknown).isEqualTo(1);
        });
    }

    @Test
    void shouldAskTheNextProxy_whenOneHasNoTaskOfTheJob() throws Exception {
        JobID job = flink.submit(KeyedJobs.lastOnOneTask("next proxy", KEYS));
        Progress.awaitRecords("next proxy", KEYS);
        List<Integer> ports = new ArrayList<>(flink.proxyPorts());

        for (int order = 0; order < FlinkCluster.TASK_MANAGERS; order++) {
            try (StateReader reader = ClientLibrary.connect(ports)) {
                await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> reader.get(
                                job.toString(), "last-text", "key-7")
                        .get(20, TimeUnit.SECONDS)
                        .equals(Optional.of("7")));
                assertThatThrownBy(() -> reader.get(new JobID().toString(), "last-text", "key-7")
                                .get(20, TimeUnit.SECONDS))
                        .hasMessageContaining("UNKNOWN_JOB");
            }
            Collections.reverse(ports);
        }
    }

    @Test
    void shouldListStates_forAsLongAsTheirJobRuns() throws Exception {
        JobID job = flink.submit(KeyedJobs.last("listed", "hashmap", KEYS, n -> "key-" + n, Types.STRING));
        Progress.awaitRecords("listed", KEYS);

        try (StateReader reader = ClientLibrary.connect(flink.proxyPorts())) {
            assertThat(reader.catalogue().get(20, TimeUnit.SECONDS))
                    .containsExactlyInAnyOrder(
                            job + " last VALUE string long 0-63",
                            job + " last VALUE string long 64-127",
                            job + " last-text VALUE string string 0-63",
                            job + " last-text VALUE string string 64-127");
            flink.cancel(job);
            assertThat(reader.catalogue().get(20, TimeUnit.SECONDS)).isEmpty();
        }
    }

    private static Sensor sensor(Long n) {
        Sensor sensor = new Sensor();
        sensor.place = "place " + n % 10;
        sensor.number = n;
        return sensor;
    }

    private static <K> void awaitAnswer(JobID job, String state, K key, TypeInformation<K> type) {
        for (QueryableStateClient client : flink.clients()) {
            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .until(() -> client.getKvState(job, state, key, type, LAST).get(20, TimeUnit.SECONDS) != null);
        }
    }

    private static <K> long last(QueryableStateClient client, JobID job, K key, TypeInformation<K> type)
            throws Exception {
        return client.getKvState(job, "last", key, type, LAST)
                .get(20, TimeUnit.SECONDS)
                .value();
    }

    /** Flink's client can ask for a namespace, but lets nobody say so. */
    private static @Nullable Long sum(QueryableStateClient client, JobID job, int key, int window) throws Exception {
        String name = "key-" + key;
        TimeWindow namespace =
                new TimeWindow((long) window * KeyedJobs.WINDOW_MILLIS, (window + 1L) * KeyedJobs.WINDOW_MILLIS);
        byte[] bytes = KvStateSerializer.serializeKeyAndNamespace(
                name, StringSerializer.INSTANCE, namespace, new TimeWindow.Serializer());
        Method get = QueryableStateClient.class.getDeclaredMethod(
                "getKvState", JobID.class, String.class, int.class, byte[].class);
        get.setAccessible(true);
        try {
            KvStateResponse response =
                    (KvStateResponse) ((CompletableFuture<?>) get.invoke(client, job, "sum", name.hashCode(), bytes))
                            .get(20, TimeUnit.SECONDS);
            return KvStateSerializer.deserializeValue(response.getContent(), LongSerializer.INSTANCE);
        } catch (ExecutionException e) {
            assertThat(e.getCause()).hasMessageNotContaining("SERIALIZER_MISMATCH");
            return null;
        }
    }

    /** A key that Flink sees as a POJO. */
    public static class Sensor {
        public @Nullable String place;
        public @Nullable Long number;

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Sensor that && String.valueOf(place).equals(that.place) && sameNumber(that);
        }

        private boolean sameNumber(Sensor that) {
            return String.valueOf(number).equals(String.valueOf(that.number));
        }

        @Override
        public int hashCode() {
            return String.valueOf(place).hashCode() * 31
                    + String.valueOf(number).hashCode();
        }
    }

    /** A key whose bytes name this class. */
    public static final class SpecialSensor extends Sensor {
        public int more;
    }

    /** A key that only Kryo can write. */
    public static final class GenericKey {
        private final Object number;

        GenericKey(Object number) {
            this.number = number;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof GenericKey that && number.equals(that.number);
        }

        @Override
        public int hashCode() {
            return number.hashCode();
        }
    }
}
