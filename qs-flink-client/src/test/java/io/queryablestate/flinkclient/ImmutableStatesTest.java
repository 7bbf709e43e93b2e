package io.queryablestate.flinkclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.state.AggregatingState;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReducingState;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Answers as the states of Flink's interfaces: they can be read, and every attempt to change them is refused. */
class ImmutableStatesTest {

    private static final byte[] FIVE = Serializers.serialize(Serializers.LONG, 5L);

    private final ValueState<Long> value = read(new ValueStateDescriptor<>("value", Long.class), FIVE);
    private final ReducingState<Long> reducing = read(Descriptors.sum(), FIVE);
    private final AggregatingState<Long, String> aggregating = read(Descriptors.printedSum(), FIVE);
    private final ListState<Long> list = read(
            new ListStateDescriptor<>("list", Long.class),
            StateDescriptor.list(Serializers.LONG).serialize(List.of(42L, 7L)));
    private final MapState<String, Long> map = readMap(new LinkedHashMap<>(Map.of("a", 5L)));

    private static <S extends State> S read(
            org.apache.flink.api.common.state.StateDescriptor<S, ?> descriptor, byte[] bytes) {
        return view(StateReader.of(FlinkTypes.ofDefaults(), descriptor), bytes);
    }

    private static <R, S> S view(StateReader<R, S> reader, byte[] bytes) {
        return reader.view().apply(Objects.requireNonNull(reader.descriptor().deserialize(bytes)));
    }

    private static MapState<String, Long> readMap(Map<String, Long> entries) {
        return read(
                new MapStateDescriptor<>("map", String.class, Long.class),
                StateDescriptor.map(Serializers.STRING, Serializers.LONG).serialize(entries));
    }

    @Test
    void shouldGiveWhatWasRead_whenValueReducingOrAggregating() throws Exception {
        assertThat(value.value()).isEqualTo(5L);
        assertThat(reducing.get()).isEqualTo(5L);
        assertThat(aggregating.get()).isEqualTo("sum 5");
    }

    @Test
    void shouldRefuseToUpdate_whenValue() {
        assertRefused(() -> value.update(1L));
    }

    @Test
    void shouldRefuseToClear_whenValue() {
        assertRefused(value::clear);
    }

    @Test
    void shouldRefuseToAdd_whenReducing() {
        assertRefused(() -> reducing.add(1L));
    }

    @Test
    void shouldRefuseToClear_whenReducing() {
        assertRefused(reducing::clear);
    }

    @Test
    void shouldRefuseToAdd_whenAggregating() {
        assertRefused(() -> aggregating.add(1L));
    }

    @Test
    void shouldRefuseToClear_whenAggregating() {
        assertRefused(aggregating::clear);
    }

    @Test
    void shouldGiveWhatWasRead_whenList() throws Exception {
        assertThat(list.get()).containsExactly(42L, 7L);
    }

    @Test
    void shouldRefuseToUpdate_whenList() throws Exception {
        assertRefused(() -> list.add(1L));
        assertRefused(() -> list.addAll(List.of(1L)));
        assertRefused(() -> list.update(List.of(1L)));
        assertRefusesToRemove(list.get().iterator());
    }

    @Test
    void shouldRefuseToClear_whenList() {
        assertRefused(list::clear);
    }

    @Test
    void shouldGiveWhatWasRead_whenMap() throws Exception {
        assertThat(map.get("a")).isEqualTo(5L);
        assertThat(map.get("b")).isNull();
        assertThat(map.contains("a")).isTrue();
        assertThat(map.contains("b")).isFalse();
    }

    @Test
    void shouldRefuseToPut_whenMap() {
        assertRefused(() -> map.put("b", 1L));
    }

    @Test
    void shouldRefuseToPutAll_whenMap() {
        assertRefused(() -> map.putAll(Map.of("b", 1L)));
    }

    @Test
    void shouldRefuseToUpdate_whenMap() {
        assertRefused(() -> map.put("a", 1L));
        assertRefused(() -> map.remove("a"));
    }

    @Test
    void shouldRefuseToChangeThroughIterator_whenMap() throws Exception {
        Iterator<Map.Entry<String, Long>> entries = map.iterator();
        Map.Entry<String, Long> first = entries.next();
        assertThat(first).isEqualTo(entry("a", 5L));
        assertRefused(() -> first.setValue(1L));
        assertRefused(entries::remove);
    }

    @Test
    void shouldRefuseToChangeThroughEntries_whenMap() throws Exception {
        assertThat(map.entries()).containsExactly(entry("a", 5L));
        assertRefusesToRemove(map.entries().iterator());
    }

    @Test
    void shouldRefuseToChangeThroughKeys_whenMap() throws Exception {
        assertThat(map.keys()).containsExactly("a");
        assertRefusesToRemove(map.keys().iterator());
    }

    @Test
    void shouldRefuseToChangeThroughValues_whenMap() throws Exception {
        assertThat(map.values()).containsExactly(5L);
        assertRefusesToRemove(map.values().iterator());
    }

    @Test
    void shouldRefuseToClear_whenMap() {
        assertRefused(map::clear);
    }

    @Test
    void shouldTellWhetherItIsEmpty_whenMap() throws Exception {
        assertThat(map.isEmpty()).isFalse();
        assertThat(readMap(Map.of()).isEmpty()).isTrue();
    }

    private static void assertRefusesToRemove(Iterator<?> iterator) {
        iterator.next();
        assertRefused(iterator::remove);
    }

    private static void assertRefused(ThrowingCallable change) {
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(change);
    }
}
