package io.queryablestate.client.serialization;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Makes a serializer one for keys by adding the hash. */
record HashedSerializer<T>(Serializer<T> serializer, ToIntFunction<T> hash) implements KeySerializer<T> {

    @Override
    public void serialize(@Nullable T value, DataOutput out) throws IOException {
        serializer.serialize(value, out);
    }

    @Override
    public @Nullable T deserialize(DataInput in) throws IOException {
        return serializer.deserialize(in);
    }

    @Override
    public String typeName() {
        return serializer.typeName();
    }

    @Override
    public int keyHashCode(T key) {
        return hash.applyAsInt(key);
    }
}
