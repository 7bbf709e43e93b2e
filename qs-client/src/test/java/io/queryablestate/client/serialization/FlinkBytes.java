package io.queryablestate.client.serialization;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;

/** Bytes as Flink's own serializers write and read them. */
final class FlinkBytes {

    private FlinkBytes() {}

    static <T> byte[] write(TypeSerializer<T> serializer, @Nullable T value) {
        DataOutputSerializer out = new DataOutputSerializer(32);
        try {
            serializer.serialize(value, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.getCopyOfBuffer();
    }

    static <T> @Nullable T read(TypeSerializer<T> serializer, byte[] bytes) {
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        try {
            T value = serializer.deserialize(in);
            if (in.available() > 0) {
                throw new IOException(in.available() + " bytes left");
            }
            return value;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
