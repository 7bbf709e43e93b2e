package io.queryablestate.flinkclient;

import io.queryablestate.client.serialization.KeySerializer;
import io.queryablestate.client.serialization.Serializer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Keys of a type of Flink's, whose hash is that of the key, as in the job. */
record FlinkKeySerializer<K>(Serializer<K> serializer) implements KeySerializer<K> {

    @Override
    public int keyHashCode(K key) {
        return ContentHash.of(key);
    }

    @Override
    public void serialize(@Nullable K key, DataOutput out) throws IOException {
        serializer.serialize(key, out);
    }

    @Override
    public @Nullable K deserialize(DataInput in) throws IOException {
        return serializer.deserialize(in);
    }

    @Override
    public String typeName() {
        return serializer.typeName();
    }
}
