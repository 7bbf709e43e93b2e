package io.queryablestate.flinkclient;

import java.io.IOException;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Longs, by a serializer that is not to be shared and tells of each use. */
final class RecordingSerializer extends TypeSerializer<Long> {

    private static final long serialVersionUID = 1L;

    private final transient Consumer<RecordingSerializer> onUse;

    RecordingSerializer(Consumer<RecordingSerializer> onUse) {
        this.onUse = onUse;
    }

    @Override
    public TypeSerializer<Long> duplicate() {
        return new RecordingSerializer(onUse);
    }

    @Override
    public void serialize(Long value, DataOutputView out) throws IOException {
        onUse.accept(this);
        out.writeLong(value);
    }

    @Override
    public Long deserialize(DataInputView in) throws IOException {
        onUse.accept(this);
        return in.readLong();
    }

    @Override
    public Long deserialize(Long reuse, DataInputView in) throws IOException {
        return deserialize(in);
    }

    @Override
    public void copy(DataInputView in, DataOutputView out) throws IOException {
        serialize(deserialize(in), out);
    }

    @Override
    public boolean isImmutableType() {
        return true;
    }

    @Override
    public Long createInstance() {
        return 0L;
    }

    @Override
    public Long copy(Long from) {
        return from;
    }

    @Override
    public Long copy(Long from, Long reuse) {
        return from;
    }

    @Override
    public int getLength() {
        return Long.BYTES;
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public TypeSerializerSnapshot<Long> snapshotConfiguration() {
        return LongSerializer.INSTANCE.snapshotConfiguration();
    }
}
