package io.queryablestate.client.serialization;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Flink's {@code MapSerializer}: the number of entries, then for each the key, whether the value is null, and the value
 * unless it is.
 */
record MapSerializer<K, V>(Serializer<K> key, Serializer<V> value) implements Serializer<Map<K, V>> {

    /** A key and the flag. */
    private static final int MIN_ENTRY_BYTES = 2;

    @Override
    public void serialize(@Nullable Map<K, V> value, DataOutput out) throws IOException {
        Map<K, V> map = NonNullSerializer.required(value, typeName());
        out.writeInt(map.size());
        writeEntries(map, out);
    }

    void writeEntries(Map<K, V> map, DataOutput out) throws IOException {
        for (Map.Entry<K, V> entry : map.entrySet()) {
            key.serialize(entry.getKey(), out);
            out.writeBoolean(entry.getValue() == null);
            if (entry.getValue() != null) {
                value.serialize(entry.getValue(), out);
            }
        }
    }

    @Override
    public Map<K, V> deserialize(DataInput in) throws IOException {
        int size = in.readInt();
        BoundedReads.checkSize(in, size, MIN_ENTRY_BYTES, "a map");
        Map<K, V> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            readEntry(in, map);
        }
        return Collections.unmodifiableMap(map);
    }

    /** Reads one entry. A key that is there already is refused: keeping one of the two values would hide the other. */
    void readEntry(DataInput in, Map<@Nullable K, @Nullable V> map) throws IOException {
        K entryKey = key.deserialize(in);
        V entryValue = BoundedReads.readFlag(in, "the null flag of a map value") ? null : value.deserialize(in);
        int entries = map.size();
        map.put(entryKey, entryValue);
        if (map.size() == entries) {
            throw new IOException("entry " + entries + " of a map has the key of an earlier one");
        }
    }

    @Override
    public String typeName() {
        return "map<" + key.typeName() + "," + value.typeName() + ">";
    }
}
