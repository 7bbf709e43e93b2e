package io.queryablestate.client.serialization;

import io.queryablestate.messages.StateKind;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads map state.
 *
 * @param <K> the type of the map's keys
 * @param <V> the type of the map's values
 * @see StateDescriptor#map
 */
public final class MapStateDescriptor<K, V> implements StateDescriptor<Map<K, V>> {

    private final MapSerializer<K, V> entries;

    MapStateDescriptor(MapSerializer<K, V> entries) {
        this.entries = entries;
    }

    @Override
    public StateKind kind() {
        return StateKind.MAP;
    }

    @Override
    public String valueTypeName() {
        return entries.typeName();
    }

    @Override
    public Map<K, V> deserialize(byte[] valueBytes) {
        return SerializedForm.read(valueBytes, "map state of type " + valueTypeName(), in -> {
            Map<K, V> map = new LinkedHashMap<>();
            while (in.remaining() > 0) {
                entries.readEntry(in, map);
            }
            return Collections.unmodifiableMap(map);
        });
    }

    /**
     * The bytes of a state that holds {@code map}.
     *
     * @throws io.queryablestate.messages.QueryableStateException {@code SERIALIZER_MISMATCH} if a serializer fails
     */
    public byte[] serialize(Map<K, V> map) {
        return SerializedForm.write(
                () -> "map state of type " + valueTypeName(), out -> entries.writeEntries(map, out));
    }
}
