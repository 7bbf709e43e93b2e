package io.queryablestate.client.serialization;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Flink's {@code VoidSerializer}: one zero byte for the only value, null. */
final class VoidSerializer implements Serializer<Void> {

    @Override
    public void serialize(@Nullable Void value, DataOutput out) throws IOException {
        out.write(0);
    }

    @Override
    public @Nullable Void deserialize(DataInput in) throws IOException {
        BoundedReads.readMarker(in, 0, "the byte of void");
        return null;
    }

    @Override
    public String typeName() {
        return "void";
    }
}
