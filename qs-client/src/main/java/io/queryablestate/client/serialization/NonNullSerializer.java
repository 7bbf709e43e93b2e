package io.queryablestate.client.serialization;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A serializer made of two functions, for a type whose bytes cannot say null. */
record NonNullSerializer<T>(String typeName, Writer<T> writer, Reader<T> reader) implements Serializer<T> {

    @Override
    public void serialize(@Nullable T value, DataOutput out) throws IOException {
        writer.write(required(value, typeName), out);
    }

    @Override
    public T deserialize(DataInput in) throws IOException {
        return required(reader.read(in), typeName);
    }

    static <T> T required(@Nullable T value, String typeName) throws IOException {
        if (value == null) {
            throw new IOException(typeName + " has no bytes for null");
        }
        return value;
    }
}
