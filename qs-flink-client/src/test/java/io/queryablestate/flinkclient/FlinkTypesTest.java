package io.queryablestate.flinkclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.queryablestate.client.serialization.KeyAndNamespace;
import io.queryablestate.client.serialization.KeySerializer;
import io.queryablestate.client.serialization.Serializer;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.QueryableStateException;
import java.io.ByteArrayInputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FlinkTypesTest {

    private static final FlinkTypes TYPES = FlinkTypes.ofDefaults();

    private enum Color {
        RED,
        GREEN
    }

    static Stream<Arguments> typesAndValues() {
        return Stream.of(
                Arguments.of(Types.STRING, "ä"),
                Arguments.of(Types.LONG, -7L),
                Arguments.of(Types.TUPLE(Types.STRING, Types.INT), Tuple2.of("a", 1)),
                Arguments.of(Types.POJO(Reading.class), Reading.of("kitchen", 21.5)),
                Arguments.of(Types.ENUM(Color.class), Color.GREEN),
                Arguments.of(Types.LIST(Types.STRING), List.of("a", "b")),
                Arguments.of(Types.MAP(Types.STRING, Types.POJO(Reading.class)), Map.of("a", Reading.of("b", 1))),
                Arguments.of(Types.PRIMITIVE_ARRAY(Types.LONG), new long[] {1, 2}),
                Arguments.of(Types.GENERIC(ArrayList.class), new ArrayList<>(List.of("a", "b"))));
    }

    @ParameterizedTest
    @MethodSource("typesAndValues")
    <T> void shouldReadAndWriteFlinksBytes(TypeInformation<T> type, T value) throws Exception {
        TypeSerializer<T> flink = type.createSerializer(new ExecutionConfig().getSerializerConfig());
        DataOutputSerializer expected = new DataOutputSerializer(64);
        flink.serialize(value, expected);

        for (Serializer<T> ours : List.of(TYPES.serializer(type), TYPES.serializer(flink))) {
            assertThat(Serializers.serialize(ours, value)).isEqualTo(expected.getCopyOfBuffer());
            assertThat(Serializers.deserialize(ours, expected.getCopyOfBuffer()))
                    .isEqualTo(value);
        }
    }

    static Stream<Arguments> typesAndBytes() {
        return Stream.of(
                Arguments.of(Types.STRING, "ä", "02e401"),
                Arguments.of(Types.LONG, -7L, "fffffffffffffff9"),
                Arguments.of(Types.BIG_DEC, new BigDecimal("-12.50"), "00000006fb1e00000002"),
                Arguments.of(Types.INSTANT, Instant.ofEpochSecond(1, 2), "000000000000000100000002"),
                Arguments.of(Types.TUPLE(Types.STRING, Types.INT), Tuple2.of("a", 1), "026100000001"),
                Arguments.of(
                        Types.POJO(Reading.class),
                        Reading.of("kitchen", 21.5),
                        "0200086b69746368656e004035800000000000"),
                Arguments.of(Types.ENUM(Color.class), Color.GREEN, "00000001"),
                Arguments.of(Types.LIST(Types.STRING), List.of("a", "b"), "0000000202610262"),
                Arguments.of(Types.MAP(Types.STRING, Types.DOUBLE), Map.of("a", 1.0), "000000010261003ff0000000000000"),
                Arguments.of(
                        Types.PRIMITIVE_ARRAY(Types.LONG),
                        new long[] {1, 2},
                        "0000000200000000000000010000000000000002"));
    }

    /** This runs with each version of Flink. */
    @ParameterizedTest
    @MethodSource("typesAndBytes")
    <T> void shouldWriteTheSameBytes_whateverTheVersionOfFlink(TypeInformation<T> type, T value, String bytes) {
        assertThat(HexFormat.of().formatHex(Serializers.serialize(TYPES.serializer(type), value)))
                .isEqualTo(bytes);
    }

    @ParameterizedTest
    @MethodSource("typesAndValues")
    <T> void shouldReadWhatItWrote_whenTheInputIsNoStream(TypeInformation<T> type, T value) throws Exception {
        Serializer<T> serializer = TYPES.serializer(type);
        byte[] bytes = Serializers.serialize(serializer, value);

        assertThat(serializer.deserialize(withoutStream(bytes))).isEqualTo(value);
    }

    @ParameterizedTest
    @MethodSource("typesAndValues")
    <T> void shouldFailTyped_whenBytesAreMissingOrLeft(TypeInformation<T> type, T value) {
        Serializer<T> serializer = TYPES.serializer(type);
        byte[] bytes = Serializers.serialize(serializer, value);

        assertMismatch(() -> Serializers.deserialize(serializer, Arrays.copyOf(bytes, bytes.length - 1)));
        assertMismatch(() -> Serializers.deserialize(serializer, Arrays.copyOf(bytes, bytes.length + 1)));
    }

    @Test
    void shouldReadEachElement_whenTheStateIsAListOrAMapOfFlinksTypes() {
        var list = TYPES.state(new ListStateDescriptor<>("list", Types.POJO(Reading.class)));
        List<Reading> readings = List.of(Reading.of("a", 1), Reading.of("b", 2));
        assertThat(list.deserialize(list.serialize(readings))).isEqualTo(readings);

        var generic = TYPES.state(new ListStateDescriptor<>("list", Types.GENERIC(ArrayList.class)));
        List<ArrayList<?>> lists = List.of(new ArrayList<>(List.of("a")), new ArrayList<>(List.of("b", "c")));
        assertThat(generic.deserialize(generic.serialize(cast(lists)))).isEqualTo(lists);

        var map = TYPES.state(new MapStateDescriptor<>("map", Types.ENUM(Color.class), Types.POJO(Reading.class)));
        Map<Color, Reading> entries = Map.of(Color.RED, Reading.of("a", 1));
        assertThat(map.deserialize(map.serialize(entries))).isEqualTo(entries);
    }

    @SuppressWarnings({"unchecked", "rawtypes", "NonApiType"}) // What Flink calls the type of a class with parameters.
    private static List<ArrayList> cast(List<ArrayList<?>> lists) {
        return (List) lists;
    }

    @Test
    void shouldUseTheConfiguration_whenItIsGiven() {
        ExecutionConfig config = new ExecutionConfig();
        ((SerializerConfigImpl) config.getSerializerConfig()).setGenericTypes(false);

        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> TYPES.withConfig(config).serializer(Types.GENERIC(Object.class)));
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> TYPES.withConfig(config)
                .state(new ValueStateDescriptor<>("value", Types.GENERIC(Object.class))));
    }

    @Test
    void shouldHashKeysByTheirContent() {
        KeySerializer<Reading> keys = TYPES.keySerializer(Types.POJO(Reading.class));
        Reading key = Reading.of("kitchen", 21.5);

        assertThat(keys.keyHashCode(key)).isEqualTo(key.hashCode());
        assertThat(KeyAndNamespace.deserialize(keys, Serializers.VOID_NAMESPACE, KeyAndNamespace.serialize(keys, key))
                        .key())
                .isEqualTo(key);
    }

    static Stream<Arguments> keysThatHashByIdentity() {
        return Stream.of(
                Arguments.of(Types.ENUM(Color.class), Color.RED),
                Arguments.of(Types.PRIMITIVE_ARRAY(Types.BYTE), new byte[] {1}),
                Arguments.of(Types.OBJECT_ARRAY(Types.STRING), new String[] {"a"}),
                Arguments.of(Types.TUPLE(Types.STRING, Types.ENUM(Color.class)), Tuple2.of("a", Color.RED)),
                Arguments.of(
                        Types.TUPLE(Types.INT, Types.TUPLE(Types.INT, Types.PRIMITIVE_ARRAY(Types.INT))),
                        Tuple2.of(1, Tuple2.of(2, new int[] {3}))),
                Arguments.of(Types.GENERIC(Object.class), new Object()));
    }

    @ParameterizedTest
    @MethodSource("keysThatHashByIdentity")
    <K> void shouldRefuseAKey_whenItsHashIsAnotherOneInEachProcess(TypeInformation<K> type, K key) {
        KeySerializer<K> keys = TYPES.keySerializer(type);

        assertMismatch(() -> keys.keyHashCode(key));
    }

    private static void assertMismatch(ThrowingCallable use) {
        assertThatExceptionOfType(QueryableStateException.class)
                .isThrownBy(use)
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.SERIALIZER_MISMATCH));
    }

    /** An input that has the methods of its interface only. */
    private static DataInput withoutStream(byte[] bytes) {
        DataInputStream stream = new DataInputStream(new ByteArrayInputStream(bytes));
        return (DataInput) Proxy.newProxyInstance(
                FlinkTypesTest.class.getClassLoader(), new Class<?>[] {DataInput.class}, (proxy, method, args) -> {
                    try {
                        return method.invoke(stream, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void shouldWriteNothing_whenTheValueCannotBeWritten() {
        Serializer<Long> serializer = TYPES.serializer(Types.LONG);
        OutputStream untouched = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new AssertionError("written");
            }
        };

        assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(() -> serializer.serialize(null, new DataOutputStream(untouched)));
    }
}
