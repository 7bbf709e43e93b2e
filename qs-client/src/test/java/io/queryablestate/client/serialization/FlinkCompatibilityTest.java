package io.queryablestate.client.serialization;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.BigDecSerializer;
import org.apache.flink.api.common.typeutils.base.BigIntSerializer;
import org.apache.flink.api.common.typeutils.base.BooleanSerializer;
import org.apache.flink.api.common.typeutils.base.ByteSerializer;
import org.apache.flink.api.common.typeutils.base.DoubleSerializer;
import org.apache.flink.api.common.typeutils.base.FloatSerializer;
import org.apache.flink.api.common.typeutils.base.InstantSerializer;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.ShortSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.common.typeutils.base.VoidSerializer;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.api.java.typeutils.runtime.TupleSerializer;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every serializer against Flink's own, in both directions. */
class FlinkCompatibilityTest {

    /**
     * One serializer and its model.
     *
     * @param toFlink makes of a value of ours the one that a job would hold
     */
    record Pair<T, F>(
            Serializer<T> ours, TypeSerializer<F> flinks, Function<@Nullable T, @Nullable F> toFlink, List<T> values) {

        @Override
        public String toString() {
            return ours.typeName();
        }
    }

    static Stream<Pair<?, ?>> all() {
        return Stream.concat(keys(), valuesOnly());
    }

    static Stream<Pair<?, ?>> keys() {
        return Stream.of(
                same(Serializers.STRING, StringSerializer.INSTANCE, SampleValues.strings()),
                same(Serializers.BOOLEAN, BooleanSerializer.INSTANCE, SampleValues.booleans()),
                same(Serializers.BYTE, ByteSerializer.INSTANCE, SampleValues.bytes()),
                same(Serializers.SHORT, ShortSerializer.INSTANCE, SampleValues.shorts()),
                same(Serializers.INT, IntSerializer.INSTANCE, SampleValues.ints()),
                same(Serializers.LONG, LongSerializer.INSTANCE, SampleValues.longs()),
                same(Serializers.FLOAT, FloatSerializer.INSTANCE, SampleValues.floats()),
                same(Serializers.DOUBLE, DoubleSerializer.INSTANCE, SampleValues.doubles()),
                same(Serializers.BIG_INTEGER, BigIntSerializer.INSTANCE, SampleValues.bigIntegers()),
                same(Serializers.BIG_DECIMAL, BigDecSerializer.INSTANCE, SampleValues.bigDecimals()),
                same(Serializers.INSTANT, InstantSerializer.INSTANCE, SampleValues.instants()),
                same(
                        Serializers.list(Serializers.STRING),
                        new org.apache.flink.api.common.typeutils.base.ListSerializer<>(StringSerializer.INSTANCE),
                        SampleValues.lists(SampleValues.strings())),
                tuple2(),
                tuple3(),
                tuple4(),
                tuple5(),
                nestedTuple());
    }

    static Stream<Pair<?, ?>> valuesOnly() {
        return Stream.of(
                same(Serializers.BYTES, BytePrimitiveArraySerializer.INSTANCE, SampleValues.byteArrays()),
                same(Serializers.VOID, VoidSerializer.INSTANCE, nullOnly()),
                same(
                        Serializers.list(Serializers.BYTES),
                        new org.apache.flink.api.common.typeutils.base.ListSerializer<>(
                                BytePrimitiveArraySerializer.INSTANCE),
                        SampleValues.lists(SampleValues.byteArrays())),
                same(
                        Serializers.map(Serializers.STRING, Serializers.LONG),
                        new org.apache.flink.api.common.typeutils.base.MapSerializer<>(
                                StringSerializer.INSTANCE, LongSerializer.INSTANCE),
                        maps()),
                new Pair<>(
                        Serializers.VOID_NAMESPACE,
                        VoidNamespaceSerializer.INSTANCE,
                        namespace -> org.apache.flink.runtime.state.VoidNamespace.INSTANCE,
                        List.of(VoidNamespace.INSTANCE)),
                new Pair<>(
                        Serializers.TIME_WINDOW,
                        new org.apache.flink.streaming.api.windowing.windows.TimeWindow.Serializer(),
                        window -> window == null
                                ? null
                                : new org.apache.flink.streaming.api.windowing.windows.TimeWindow(
                                        window.start(), window.end()),
                        windows()));
    }

    @ParameterizedTest
    @MethodSource("all")
    <T, F> void shouldWriteTheBytesOfFlink_whenGivenTheSameValue(Pair<T, F> pair) {
        for (T value : pair.values()) {
            byte[] expected = FlinkBytes.write(pair.flinks(), pair.toFlink().apply(value));
            assertThat(Serializers.serialize(pair.ours(), value)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    <T, F> void shouldReadTheValue_whenFlinkWroteTheBytes(Pair<T, F> pair) {
        for (T value : pair.values()) {
            byte[] bytes = FlinkBytes.write(pair.flinks(), pair.toFlink().apply(value));
            assertSame(Serializers.deserialize(pair.ours(), bytes), value);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    <T, F> void shouldBeReadByFlink_whenWrittenHere(Pair<T, F> pair) {
        for (T value : pair.values()) {
            byte[] bytes = Serializers.serialize(pair.ours(), value);
            assertSame(FlinkBytes.read(pair.flinks(), bytes), pair.toFlink().apply(value));
        }
    }

    @ParameterizedTest
    @MethodSource("keys")
    <T, F> void shouldHaveTheHashOfFlink_whenUsedAsKey(Pair<T, F> pair) {
        KeySerializer<T> keySerializer = (KeySerializer<T>) pair.ours();
        for (T value : pair.values()) {
            F flinks = pair.toFlink().apply(value);
            if (value != null && flinks != null) {
                assertThat(keySerializer.keyHashCode(value)).isEqualTo(flinks.hashCode());
                assertThat(value.hashCode()).isEqualTo(flinks.hashCode());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("valuesOnly")
    void shouldNotBeAKeySerializer_whenValuesCannotBeKeys(Pair<?, ?> pair) {
        assertThat(pair.ours()).isNotInstanceOf(KeySerializer.class);
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldBeFoundByItsTypeName_whenBuiltIn(Pair<?, ?> pair) {
        Serializer<?> found = Serializers.forTypeName(pair.ours().typeName());
        assertThat(found.typeName()).isEqualTo(pair.ours().typeName());
        assertThat(found instanceof KeySerializer).isEqualTo(pair.ours() instanceof KeySerializer);
    }

    private static void assertSame(@Nullable Object actual, @Nullable Object expected) {
        assertThat(Objects.deepEquals(withArrays(actual), withArrays(expected)))
                .as("%s is %s", actual, expected)
                .isTrue();
    }

    /** Lists hold byte arrays here, which are equal in content only to {@link Objects#deepEquals}. */
    private static @Nullable Object withArrays(@Nullable Object value) {
        return value instanceof List<?> list ? list.toArray() : value;
    }

    private static <T> Pair<T, T> same(Serializer<T> ours, TypeSerializer<T> flinks, List<T> values) {
        return new Pair<>(ours, flinks, Function.identity(), values);
    }

    private static List<Void> nullOnly() {
        List<@Nullable Void> values = new ArrayList<>();
        values.add(null);
        return values;
    }

    private static List<Map<String, Long>> maps() {
        Map<String, Long> mixed = new LinkedHashMap<>();
        mixed.put("one", 1L);
        mixed.put("none", null);
        mixed.put(null, 3L);
        mixed.put("größer", Long.MIN_VALUE);
        return List.of(new HashMap<>(), new HashMap<>(Map.of("a", -1L)), mixed);
    }

    private static List<TimeWindow> windows() {
        return List.of(
                new TimeWindow(0, 0), new TimeWindow(-5, 60_000), new TimeWindow(Long.MIN_VALUE, Long.MAX_VALUE));
    }

    private static Pair<?, ?> tuple2() {
        List<Tuple2<String, Long>> values = new ArrayList<>();
        for (String text : SampleValues.strings()) {
            values.add(new Tuple2<>(text, text == null ? 0L : text.length() * 0x1_0000_0001L));
        }
        return new Pair<>(
                Serializers.tuple2(Serializers.STRING, Serializers.LONG),
                FlinkTuples.serializer2(StringSerializer.INSTANCE, LongSerializer.INSTANCE),
                t -> t == null ? null : org.apache.flink.api.java.tuple.Tuple2.of(t.f0(), t.f1()),
                values);
    }

    private static Pair<?, ?> tuple3() {
        List<Tuple3<Integer, String, Double>> values = SampleValues.ints().stream()
                .map(i -> new Tuple3<>(i, i % 3 == 0 ? null : "n" + i, i / 3.0))
                .toList();
        return new Pair<>(
                Serializers.tuple3(Serializers.INT, Serializers.STRING, Serializers.DOUBLE),
                FlinkTuples.serializer3(IntSerializer.INSTANCE, StringSerializer.INSTANCE, DoubleSerializer.INSTANCE),
                t -> t == null ? null : org.apache.flink.api.java.tuple.Tuple3.of(t.f0(), t.f1(), t.f2()),
                values);
    }

    private static Pair<?, ?> tuple4() {
        List<Tuple4<Boolean, Byte, Short, Float>> values = SampleValues.floats().stream()
                .map(f -> new Tuple4<>(f > 0, f.byteValue(), f.shortValue(), f))
                .toList();
        return new Pair<>(
                Serializers.tuple4(Serializers.BOOLEAN, Serializers.BYTE, Serializers.SHORT, Serializers.FLOAT),
                FlinkTuples.serializer4(
                        BooleanSerializer.INSTANCE,
                        ByteSerializer.INSTANCE,
                        ShortSerializer.INSTANCE,
                        FloatSerializer.INSTANCE),
                t -> t == null ? null : org.apache.flink.api.java.tuple.Tuple4.of(t.f0(), t.f1(), t.f2(), t.f3()),
                values);
    }

    private static Pair<?, ?> tuple5() {
        List<Tuple5<Integer, Integer, Integer, Integer, Long>> values = SampleValues.longs().stream()
                .map(n -> new Tuple5<>(n.intValue(), 1, -1, n.hashCode(), n))
                .toList();
        IntSerializer ints = IntSerializer.INSTANCE;
        return new Pair<>(
                Serializers.tuple5(
                        Serializers.INT, Serializers.INT, Serializers.INT, Serializers.INT, Serializers.LONG),
                FlinkTuples.serializer5(ints, ints, ints, ints, LongSerializer.INSTANCE),
                t -> t == null
                        ? null
                        : org.apache.flink.api.java.tuple.Tuple5.of(t.f0(), t.f1(), t.f2(), t.f3(), t.f4()),
                values);
    }

    private static Pair<?, ?> nestedTuple() {
        List<Tuple2<Tuple2<String, Long>, List<Integer>>> values = SampleValues.ints().stream()
                .map(i -> new Tuple2<>(new Tuple2<>("s" + i, (long) i), List.of(i, i + 1)))
                .toList();
        TupleSerializer<org.apache.flink.api.java.tuple.Tuple2<String, Long>> inner =
                FlinkTuples.serializer2(StringSerializer.INSTANCE, LongSerializer.INSTANCE);
        return new Pair<>(
                Serializers.tuple2(
                        Serializers.tuple2(Serializers.STRING, Serializers.LONG), Serializers.list(Serializers.INT)),
                FlinkTuples.serializer2(
                        inner, new org.apache.flink.api.common.typeutils.base.ListSerializer<>(IntSerializer.INSTANCE)),
                t -> t == null
                        ? null
                        : org.apache.flink.api.java.tuple.Tuple2.of(flinks(requireNonNull(t.f0())), t.f1()),
                values);
    }

    private static org.apache.flink.api.java.tuple.Tuple2<@Nullable String, @Nullable Long> flinks(
            Tuple2<String, Long> tuple) {
        return org.apache.flink.api.java.tuple.Tuple2.of(tuple.f0(), tuple.f1());
    }
}
