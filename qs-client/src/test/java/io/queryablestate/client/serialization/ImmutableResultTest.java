package io.queryablestate.client.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What is read from state is a copy that nobody can mistake for the state: every attempt to change it is refused. */
class ImmutableResultTest {

    private final List<Long> list = list();
    private final Map<String, Long> map = map();

    private static List<Long> list() {
        ListStateDescriptor<Long> descriptor = StateDescriptor.list(Serializers.LONG);
        return descriptor.deserialize(descriptor.serialize(List.of(42L, 7L)));
    }

    private static Map<String, Long> map() {
        MapStateDescriptor<String, Long> descriptor = StateDescriptor.map(Serializers.STRING, Serializers.LONG);
        Map<String, Long> entries = new LinkedHashMap<>();
        entries.put("z", 1L);
        entries.put("a", 5L);
        return descriptor.deserialize(descriptor.serialize(entries));
    }

    @Test
    void shouldGiveAValueOfItsOwn_whenReadTwice() {
        ValueStateDescriptor<byte[]> descriptor = StateDescriptor.value(Serializers.BYTES);
        byte[] bytes = descriptor.serialize(new byte[] {1, 2});
        byte[] first = Objects.requireNonNull(descriptor.deserialize(bytes));
        first[0] = 9;
        assertThat(descriptor.deserialize(bytes)).containsExactly(1, 2);
    }

    @Test
    void shouldReadTheList_whenUnmodifiable() {
        assertThat(list).containsExactly(42L, 7L);
    }

    @Test
    void shouldRefuseToAdd_whenList() {
        assertRefused(() -> list.add(1L));
        assertRefused(() -> list.addAll(List.of(1L)));
        assertRefused(() -> list.listIterator().add(1L));
    }

    @Test
    void shouldRefuseToUpdate_whenList() {
        assertRefused(() -> list.set(0, 1L));
        assertRefused(() -> list.replaceAll(element -> element + 1));
        assertRefused(() -> list.sort(null));
        ListIterator<Long> iterator = list.listIterator();
        iterator.next();
        assertRefused(() -> iterator.set(1L));
    }

    @Test
    void shouldRefuseToClear_whenList() {
        assertRefused(list::clear);
        assertRefused(() -> list.remove(0));
        assertRefused(() -> list.removeIf(element -> true));
        assertRefused(() -> list.subList(0, 1).clear());
        assertRefused(() -> removeFirst(list.iterator()));
    }

    @Test
    void shouldRefuseToPut_whenMap() {
        assertRefused(() -> map.put("b", 1L));
        assertRefused(() -> map.putIfAbsent("b", 1L));
        assertRefused(() -> map.computeIfAbsent("b", key -> 1L));
    }

    @Test
    void shouldRefuseToPutAll_whenMap() {
        assertRefused(() -> map.putAll(Map.of("b", 1L)));
    }

    @Test
    void shouldRefuseToUpdate_whenMap() {
        assertRefused(() -> map.put("a", 1L));
        assertRefused(() -> map.replaceAll((key, value) -> 0L));
        assertRefused(() -> map.merge("a", 1L, Long::sum));
        Map.Entry<String, Long> entry = map.entrySet().iterator().next();
        assertRefused(() -> entry.setValue(1L));
    }

    @Test
    void shouldRefuseToRemoveByIterator_whenMap() {
        assertRefused(() -> removeFirst(map.entrySet().iterator()));
        assertRefused(() -> map.entrySet().clear());
    }

    @Test
    void shouldRefuseToRemoveByKeys_whenMap() {
        assertThat(map.keySet()).containsExactly("z", "a");
        assertRefused(() -> removeFirst(map.keySet().iterator()));
        assertRefused(() -> map.keySet().remove("a"));
    }

    @Test
    void shouldRefuseToRemoveByValues_whenMap() {
        assertThat(map.values()).containsExactly(1L, 5L);
        assertRefused(() -> removeFirst(map.values().iterator()));
        assertRefused(() -> map.values().remove(1L));
    }

    @Test
    void shouldRefuseToClear_whenMap() {
        assertRefused(map::clear);
        assertRefused(() -> map.remove("a"));
    }

    @Test
    void shouldTellWhetherItIsEmpty_whenMap() {
        assertThat(map.isEmpty()).isFalse();
        assertThat(StateDescriptor.map(Serializers.STRING, Serializers.LONG)
                        .deserialize(new byte[0])
                        .isEmpty())
                .isTrue();
    }

    @Test
    void shouldRefuseChange_whenWithinAValue() {
        Serializer<Map<String, List<Long>>> nested =
                Serializers.map(Serializers.STRING, Serializers.list(Serializers.LONG));
        Map<String, List<Long>> value = Objects.requireNonNull(
                Serializers.deserialize(nested, Serializers.serialize(nested, Map.of("a", List.of(1L)))));
        assertRefused(value::clear);
        assertRefused(() -> Objects.requireNonNull(value.get("a")).clear());
    }

    private static void removeFirst(Iterator<?> iterator) {
        iterator.next();
        iterator.remove();
    }

    private static void assertRefused(ThrowingCallable change) {
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(change);
    }
}
