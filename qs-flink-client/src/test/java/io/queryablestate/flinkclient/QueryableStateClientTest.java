package io.queryablestate.flinkclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import io.queryablestate.client.UnknownKeyOrNamespaceException;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.embedded.EmbeddedCluster;
import io.queryablestate.embedded.EmbeddedJob;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.ServerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeHint;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Asks an embedded cluster whose states hold what Flink's serializers have written. */
@Timeout(120)
class QueryableStateClientTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final FlinkTypes TYPES = FlinkTypes.ofDefaults();
    private static final ValueStateDescriptor<Long> LONG_VALUE = new ValueStateDescriptor<>("any name", Long.class);

    private EmbeddedCluster cluster;
    private EmbeddedJob job;
    private QueryableStateClient client;

    @BeforeEach
    void start() throws IOException {
        cluster = EmbeddedCluster.builder().taskManagers(2).start();
        job = cluster.startJob("sensors", 2, 128);
        ServerAddress proxy = cluster.proxyAddresses().get(0);
        client = new QueryableStateClient(io.queryablestate.client.QueryableStateClient.builder()
                .proxy(proxy)
                .requestTimeout(SOON)
                .build());
    }

    @AfterEach
    void stop() {
        client.shutdownAndWait();
        cluster.close();
    }

    private JobID jobId() {
        return JobID.fromHexString(job.jobId().toString());
    }

    private <K, S extends State> S get(
            String state, K key, TypeInformation<K> keyType, StateDescriptor<S, ?> descriptor) throws Exception {
        return client.getKvState(jobId(), state, key, keyType, descriptor).get(30, TimeUnit.SECONDS);
    }

    private static <S extends State> QueryableStateException failureOf(CompletableFuture<S> asked) {
        return (QueryableStateException) Objects.requireNonNull(causeOf(asked));
    }

    private static @Nullable Throwable causeOf(CompletableFuture<?> asked) {
        return assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> asked.get(30, TimeUnit.SECONDS))
                .actual()
                .getCause();
    }

    @Test
    void shouldReadEveryKind() throws Exception {
        job.addState("value", TYPES.keySerializer(Types.STRING), TYPES.state(LONG_VALUE))
                .put("k", 1L);
        job.addState("reducing", TYPES.keySerializer(Types.STRING), TYPES.state(Descriptors.sum()))
                .put("k", 2L);
        job.addState("aggregating", TYPES.keySerializer(Types.STRING), TYPES.state(Descriptors.printedSum()))
                .put("k", 3L);
        ListStateDescriptor<Reading> list = new ListStateDescriptor<>("list", Reading.class);
        job.addState("list", TYPES.keySerializer(Types.STRING), TYPES.state(list))
                .put("k", List.of(Reading.of("a", 1), Reading.of("b", 2)));
        MapStateDescriptor<String, Reading> map = new MapStateDescriptor<>("map", String.class, Reading.class);
        job.addState("map", TYPES.keySerializer(Types.STRING), TYPES.state(map))
                .put("k", Map.of("a", Reading.of("a", 1)));

        assertThat(get("value", "k", Types.STRING, LONG_VALUE).value()).isEqualTo(1L);
        assertThat(get("reducing", "k", Types.STRING, Descriptors.sum()).get()).isEqualTo(2L);
        assertThat(get("aggregating", "k", Types.STRING, Descriptors.printedSum())
                        .get())
                .isEqualTo("sum 3");
        assertThat(get("list", "k", Types.STRING, list).get()).containsExactly(Reading.of("a", 1), Reading.of("b", 2));
        assertThat(get("map", "k", Types.STRING, map).entries()).containsExactly(entry("a", Reading.of("a", 1)));
    }

    @Test
    void shouldFindEveryKey_whenKeysArePojosOrTuplesAndValuesAreLeftToKryo() throws Exception {
        TypeInformation<Reading> pojo = Types.POJO(Reading.class);
        TypeInformation<Tuple2<String, Long>> tuple = Types.TUPLE(Types.STRING, Types.LONG);
        ValueStateDescriptor<ArrayList<String>> generic =
                new ValueStateDescriptor<>("generic", TypeInformation.of(new TypeHint<ArrayList<String>>() {}));
        var byPojo = job.addState("by pojo", TYPES.keySerializer(pojo), TYPES.state(generic));
        var byTuple = job.addState("by tuple", TYPES.keySerializer(tuple), TYPES.state(generic));
        for (int i = 0; i < 50; i++) {
            byPojo.put(Reading.of("s", i), new ArrayList<>(List.of("pojo", "" + i)));
            byTuple.put(Tuple2.of("s", (long) i), new ArrayList<>(List.of("tuple", "" + i)));
        }

        for (int i = 0; i < 50; i++) {
            assertThat(get("by pojo", Reading.of("s", i), pojo, generic).value())
                    .containsExactly("pojo", "" + i);
            assertThat(get("by tuple", Tuple2.of("s", (long) i), tuple, generic).value())
                    .containsExactly("tuple", "" + i);
        }
    }

    @Test
    void shouldTakeATypeHintInsteadOfATypeInformation() throws Exception {
        job.addState("value", TYPES.keySerializer(Types.STRING), TYPES.state(LONG_VALUE))
                .put("k", 1L);

        ValueState<Long> answer = client.getKvState(jobId(), "value", "k", new TypeHint<String>() {}, LONG_VALUE)
                .get(30, TimeUnit.SECONDS);

        assertThat(answer.value()).isEqualTo(1L);
    }

    @Test
    void shouldReadTheNamespace_whenOneIsGiven() throws Exception {
        job.addState("value", TYPES.keySerializer(Types.STRING), TYPES.state(LONG_VALUE))
                .put("k", 77L, Serializers.LONG, 1L);

        assertThat(client.getKvState(jobId(), "value", "k", 77L, Types.STRING, Types.LONG, LONG_VALUE)
                        .get(30, TimeUnit.SECONDS)
                        .value())
                .isEqualTo(1L);
        assertThat(causeOf(client.getKvState(jobId(), "value", "k", 78L, Types.STRING, Types.LONG, LONG_VALUE)))
                .isInstanceOf(UnknownKeyOrNamespaceException.class);
    }

    @Test
    void shouldFailAsUnknownKey_whenTheKeyIsAbsentWhateverTheDefaultValue() {
        job.addState("value", TYPES.keySerializer(Types.STRING), TYPES.state(LONG_VALUE));
        @SuppressWarnings("deprecation") // What an old job may have.
        ValueStateDescriptor<Long> withDefault = new ValueStateDescriptor<>("value", Long.class, 42L);

        assertThat(causeOf(client.getKvState(jobId(), "value", "nobody", Types.STRING, withDefault)))
                .isInstanceOf(UnknownKeyOrNamespaceException.class);
    }

    @Test
    void shouldFailTyped_whenTheJobIsUnknown() {
        assertThat(failureOf(client.getKvState(new JobID(), "value", "k", Types.STRING, LONG_VALUE))
                        .code())
                .isEqualTo(ErrorCode.UNKNOWN_JOB);
    }

    @Test
    @SuppressWarnings("NullAway") // What a careless caller does.
    void shouldFailTheFuture_whenTheKeyCannotBeSerialized() {
        assertThat(failureOf(client.getKvState(jobId(), "value", null, Types.STRING, LONG_VALUE))
                        .code())
                .isEqualTo(ErrorCode.SERIALIZER_MISMATCH);
        assertThat(failureOf(client.getKvState(
                                jobId(),
                                "value",
                                new byte[1],
                                PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO,
                                LONG_VALUE))
                        .code())
                .isEqualTo(ErrorCode.SERIALIZER_MISMATCH);
    }

    @Test
    void shouldFailTheFuture_whenTheConfigurationForbidsTheType() {
        ExecutionConfig config = new ExecutionConfig();
        ((SerializerConfigImpl) config.getSerializerConfig()).setGenericTypes(false);
        assertThat(client.getExecutionConfig()).isNull();
        assertThat(client.setExecutionConfig(config)).isNull();
        assertThat(client.getExecutionConfig()).isSameAs(config);

        QueryableStateException failure =
                failureOf(client.getKvState(jobId(), "value", new Object(), Types.GENERIC(Object.class), LONG_VALUE));

        assertThat(failure.code()).isEqualTo(ErrorCode.SERIALIZER_MISMATCH);
        assertThat(client.setExecutionConfig(null)).isSameAs(config);
    }

    @Test
    void shouldFailTheFuture_whenTheAnswerIsOfAnotherType() {
        job.addState("value", TYPES.keySerializer(Types.STRING), TYPES.state(LONG_VALUE))
                .put("k", 1L);

        assertThat(failureOf(client.getKvState(
                                jobId(), "value", "k", Types.STRING, new ValueStateDescriptor<>("v", Integer.class)))
                        .code())
                .isEqualTo(ErrorCode.SERIALIZER_MISMATCH);
    }

    @Test
    void shouldSerializeInTheUsersClassLoader_whenItIsSet() throws Exception {
        List<ClassLoader> seen = new java.util.concurrent.CopyOnWriteArrayList<>();
        ValueStateDescriptor<Long> recording = new ValueStateDescriptor<>(
                "value",
                new RecordingSerializer(
                        serializer -> seen.add(Thread.currentThread().getContextClassLoader())));
        job.addState("value", TYPES.keySerializer(Types.STRING), TYPES.state(LONG_VALUE))
                .put("k", 1L);
        try (URLClassLoader user = new URLClassLoader(new URL[0])) {
            assertThat(client.setUserClassLoader(user)).isNull();
            get("value", "k", Types.STRING, recording);
            assertThat(client.setUserClassLoader(null)).isSameAs(user);
            get("value", "k", Types.STRING, recording);

            assertThat(seen).containsExactly(user, Thread.currentThread().getContextClassLoader());
        }
    }

    @Test
    void shouldFailAsClosed_whenItIsShutDown() throws Exception {
        client.shutdownAndHandle().get(30, TimeUnit.SECONDS);

        assertThat(failureOf(client.getKvState(jobId(), "value", "k", Types.STRING, LONG_VALUE))
                        .code())
                .isEqualTo(ErrorCode.CLIENT_CLOSED);
    }

    @Test
    void shouldConnect_whenTheProxyIsGivenByNameOrAddress() throws Exception {
        job.addState("value", TYPES.keySerializer(Types.STRING), TYPES.state(LONG_VALUE))
                .put("k", 1L);
        int port = cluster.proxyAddresses().get(0).port();
        client.shutdownAndWait();

        client = new QueryableStateClient("localhost", port);
        assertThat(get("value", "k", Types.STRING, LONG_VALUE).value()).isEqualTo(1L);
        client.shutdownAndWait();
        client = new QueryableStateClient(InetAddress.getByAddress("a name", new byte[] {127, 0, 0, 1}), port);
        assertThat(get("value", "k", Types.STRING, LONG_VALUE).value()).isEqualTo(1L);
    }

    @Test
    void shouldRefuseAHost_whenItDoesNotResolve() {
        assertThatExceptionOfType(UnknownHostException.class)
                .isThrownBy(() -> new QueryableStateClient("no-such-host.invalid", 9069));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536})
    void shouldRefuseAPort_whenItIsOutOfRange(int port) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new QueryableStateClient(InetAddress.getLoopbackAddress(), port));
    }
}
