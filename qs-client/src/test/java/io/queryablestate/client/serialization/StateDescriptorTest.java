package io.queryablestate.client.serialization;

import static io.queryablestate.client.serialization.MismatchAssert.assertMismatch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.StateKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.queryablestate.client.state.serialization.KvStateSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StateDescriptorTest {

    private static final HexFormat HEX = HexFormat.of();

    private final StateDescriptor<Long> value = StateDescriptor.value(Serializers.LONG);
    private final ListStateDescriptor<Long> list = StateDescriptor.list(Serializers.LONG);
    private final MapStateDescriptor<Long, String> map = StateDescriptor.map(Serializers.LONG, Serializers.STRING);

    @Test
    void shouldReadAndWriteTheSerializersBytes_whenValueOrReducing() throws IOException {
        ValueStateDescriptor<Long> reducing = StateDescriptor.reducing(Serializers.LONG);
        byte[] bytes = KvStateSerializer.serializeValue(Long.MAX_VALUE - 1292, LongSerializer.INSTANCE);
        assertThat(value.deserialize(bytes)).isEqualTo(Long.MAX_VALUE - 1292);
        assertThat(reducing.deserialize(bytes)).isEqualTo(Long.MAX_VALUE - 1292);
        assertThat(reducing.serialize(Long.MAX_VALUE - 1292)).isEqualTo(bytes);
    }

    @Test
    void shouldGiveNull_whenTheBytesSayNull() {
        assertThat(StateDescriptor.reducing(Serializers.STRING).deserialize(new byte[1]))
                .isNull();
    }

    @Test
    void shouldRefuseValue_whenEmpty() {
        assertMismatch(() -> value.deserialize(new byte[0]))
                .isEqualTo("0 bytes are not long: 8 bytes expected, 0 are left");
    }

    @Test
    void shouldRefuseValue_whenTooShort() {
        assertMismatch(() -> value.deserialize(new byte[1])).contains("8 bytes expected, 1 are left");
    }

    @Test
    void shouldRefuseValue_whenOneByteIsTooMany() {
        assertMismatch(() -> value.deserialize(new byte[9])).contains("9 bytes", "1 bytes are left behind it");
    }

    @Test
    void shouldRefuseValue_whenTwoBytesAreTooMany() {
        assertMismatch(() -> value.deserialize(new byte[10])).contains("2 bytes are left behind it");
    }

    @Test
    void shouldWriteElementsWithACommaBetween_whenList() {
        assertThat(HEX.formatHex(StateDescriptor.list(Serializers.SHORT).serialize(List.of((short) 1, (short) 2))))
                .isEqualTo("0001" + "2c" + "0002");
    }

    @Test
    void shouldGiveBackTheList_whenReadAsWritten() throws IOException {
        List<Long> longs = SampleValues.longs();
        byte[] bytes = list.serialize(longs);
        assertThat(list.deserialize(bytes)).isEqualTo(longs);
        assertThat(KvStateSerializer.deserializeList(bytes, LongSerializer.INSTANCE))
                .isEqualTo(longs);
    }

    /** RocksDB puts a comma between what the job has added, each of which is one or more elements. */
    @Test
    void shouldReadTheList_whenMergedByRocksDb() throws IOException {
        List<String> strings = new ArrayList<>(SampleValues.strings());
        strings.remove(null);
        ByteArrayOutputStream merged = new ByteArrayOutputStream();
        for (String string : strings) {
            if (merged.size() > 0) {
                merged.write(',');
            }
            merged.write(FlinkBytes.write(StringSerializer.INSTANCE, string));
        }
        assertThat(StateDescriptor.list(Serializers.STRING).deserialize(merged.toByteArray()))
                .isEqualTo(strings);
    }

    @Test
    void shouldReadAnEmptyList_whenThereAreNoBytes() {
        assertThat(list.deserialize(new byte[0])).isEmpty();
        assertThat(list.serialize(List.of())).isEmpty();
    }

    @Test
    void shouldRefuseList_whenTheFirstElementIsTooShort() {
        assertMismatch(() -> list.deserialize(new byte[1]))
                .contains("1 bytes are not list state of long", "8 bytes expected, 1 are left");
    }

    @Test
    void shouldRefuseList_whenTheSecondElementIsTooShort() {
        byte[] bytes = list.serialize(List.of(1L, 2L));
        assertMismatch(() -> list.deserialize(Arrays.copyOf(bytes, 10))).contains("8 bytes expected, 1 are left");
    }

    @Test
    void shouldRefuseList_whenItEndsInASeparator() {
        byte[] bytes = list.serialize(List.of(1L, 2L));
        assertMismatch(() -> list.deserialize(Arrays.copyOf(bytes, 9))).contains("8 bytes expected, 0 are left");
    }

    @Test
    void shouldRefuseList_whenTheSeparatorIsAnother() {
        byte[] bytes = list.serialize(List.of(1L, 2L));
        bytes[8] = 42;
        assertMismatch(() -> list.deserialize(bytes)).contains("the byte between two elements is 44, got 42");
    }

    @Test
    void shouldWriteKeyFlagAndValue_whenMap() {
        Map<Byte, Short> entries = new LinkedHashMap<>();
        entries.put((byte) 9, (short) 7);
        entries.put((byte) 1, null);
        byte[] bytes = StateDescriptor.map(Serializers.BYTE, Serializers.SHORT).serialize(entries);
        assertThat(HEX.formatHex(bytes)).isEqualTo("09" + "00" + "0007" + "01" + "01");
    }

    /** What the heap backend and RocksDB send alike: Flink writes both with this method. */
    @Test
    void shouldReadTheMapInTheOrderOfTheBytes_whenFlinkWroteIt() throws IOException {
        Map<Long, String> entries = new LinkedHashMap<>();
        for (long key : SampleValues.longs()) {
            entries.put(key, key % 5 == 0 ? null : Long.toHexString(key));
        }
        byte[] bytes =
                KvStateSerializer.serializeMap(entries.entrySet(), LongSerializer.INSTANCE, StringSerializer.INSTANCE);
        assertThat(map.serialize(entries)).isEqualTo(bytes);
        assertThat(new ArrayList<>(map.deserialize(bytes).entrySet())).isEqualTo(new ArrayList<>(entries.entrySet()));
        assertThat(KvStateSerializer.deserializeMap(bytes, LongSerializer.INSTANCE, StringSerializer.INSTANCE))
                .isEqualTo(entries);
    }

    @Test
    void shouldReadAnEmptyMap_whenThereAreNoBytes() {
        assertThat(map.deserialize(new byte[0])).isEmpty();
        assertThat(map.serialize(Map.of())).isEmpty();
    }

    @Test
    void shouldRefuseMap_whenTheKeyIsTooShort() {
        assertMismatch(() -> map.deserialize(new byte[1]))
                .contains("1 bytes are not map state of type map<long,string>", "8 bytes expected, 1 are left");
    }

    @Test
    void shouldRefuseMap_whenTheFlagIsMissing() {
        assertMismatch(() -> map.deserialize(new byte[8])).contains("1 bytes expected, 0 are left");
    }

    @Test
    void shouldRefuseMap_whenTheValueIsMissing() {
        assertMismatch(() -> map.deserialize(new byte[9])).contains("1 bytes expected, 0 are left");
    }

    @Test
    void shouldRefuseMap_whenASecondKeyIsTooShort() {
        byte[] bytes = map.serialize(Map.of(1L, "a"));
        assertMismatch(() -> map.deserialize(Arrays.copyOf(bytes, bytes.length + 1)))
                .contains("8 bytes expected, 1 are left");
    }

    @Test
    void shouldRefuseMap_whenAFlagIsNeitherZeroNorOne() {
        byte[] bytes = map.serialize(Map.of(1L, "a"));
        bytes[8] = 2;
        assertMismatch(() -> map.deserialize(bytes)).contains("the null flag of a map value is 0 or 1, got 2");
    }

    @Test
    void shouldRefuseMap_whenAKeyComesTwice() {
        MapStateDescriptor<Byte, Byte> bytes = StateDescriptor.map(Serializers.BYTE, Serializers.BYTE);
        assertMismatch(() -> bytes.deserialize(HEX.parseHex("050001" + "050002")))
                .contains("entry 1 of a map has the key of an earlier one");
    }

    @Test
    void shouldApplyGetResult_whenAggregating() {
        AggregatingStateDescriptor<Tuple2<Long, Long>, String> average = StateDescriptor.aggregating(
                Serializers.tuple2(Serializers.LONG, Serializers.LONG), sums -> sums.f0() + "/" + sums.f1());
        assertThat(average.deserialize(average.serialize(new Tuple2<>(10L, 4L))))
                .isEqualTo("10/4");
    }

    @Test
    void shouldNotCallGetResult_whenTheAccumulatorIsNull() {
        AggregatingStateDescriptor<String, Integer> lengths =
                StateDescriptor.aggregating(Serializers.STRING, String::length);
        assertThat(lengths.deserialize(new byte[1])).isNull();
    }

    @Test
    void shouldFailAsStateFailed_whenGetResultFails() {
        AggregatingStateDescriptor<Integer, Integer> failing =
                StateDescriptor.aggregating(Serializers.INT, divisor -> 1 / divisor);
        QueryableStateException error =
                catchThrowableOfType(QueryableStateException.class, () -> failing.deserialize(new byte[4]));
        assertThat(error.code()).isEqualTo(ErrorCode.STATE_FAILED);
        assertThat(error).hasCauseInstanceOf(ArithmeticException.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = StateKind.class,
            names = {"VALUE", "REDUCING", "AGGREGATING"})
    void shouldReadTheValue_whenDescribedByACatalogue(StateKind kind) {
        StateDescriptor<?> descriptor = StateDescriptor.forCatalogue(kind, "tuple2<string,int>");
        byte[] bytes =
                Serializers.serialize(Serializers.tuple2(Serializers.STRING, Serializers.INT), new Tuple2<>("a", 1));
        assertThat((Object) descriptor.deserialize(bytes)).isEqualTo(new Tuple2<>("a", 1));
        assertThat(descriptor.kind()).isEqualTo(kind);
        assertThat(descriptor.valueTypeName()).isEqualTo("tuple2<string,int>");
    }

    @Test
    void shouldTakeTheElementType_whenACatalogueDescribesAList() {
        StateDescriptor<?> descriptor = StateDescriptor.forCatalogue(StateKind.LIST, "long");
        assertThat((Object) descriptor.deserialize(list.serialize(List.of(1L, 2L))))
                .isEqualTo(List.of(1L, 2L));
        assertThat(descriptor.valueTypeName()).isEqualTo(list.valueTypeName()).isEqualTo("long");
    }

    @Test
    void shouldTakeTheMapType_whenACatalogueDescribesAMap() {
        StateDescriptor<?> descriptor = StateDescriptor.forCatalogue(StateKind.MAP, "map<long,string>");
        byte[] bytes = map.serialize(Collections.singletonMap(1L, null));
        assertThat((Object) descriptor.deserialize(bytes)).isEqualTo(Collections.singletonMap(1L, null));
        assertThat(descriptor.valueTypeName()).isEqualTo(map.valueTypeName()).isEqualTo("map<long,string>");
    }

    @Test
    void shouldRefuse_whenACatalogueDescribesAMapByAnotherType() {
        assertThatThrownBy(() -> StateDescriptor.forCatalogue(StateKind.MAP, "long"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the type of map state is map<k,v>, got long");
    }
}
