package io.queryablestate.flink;

import java.io.DataOutputStream;
import java.io.IOException;
import java.util.function.LongConsumer;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * The serializer of a list's elements or a map's keys, which asks before each of them whether to go on. What it asks
 * throws if not: that is how a large value that nobody can use any more stops taking the time of the task.
 */
final class WatchedSerializer<T> extends TypeSerializer<T> {

    private static final long serialVersionUID = 1L;

    private final TypeSerializer<T> serializer;
    private final transient LongConsumer watcher;

    /**
     * Watches a serializer.
     *
     * @param watcher told how many bytes are written before each element; throws to stop
     */
    WatchedSerializer(TypeSerializer<T> serializer, LongConsumer watcher) {
        this.serializer = serializer;
        this.watcher = watcher;
    }

    @Override
    public void serialize(T element, DataOutputView target) throws IOException {
        watcher.accept(bytesIn(target));
        serializer.serialize(element, target);
    }

    /** Flink's backends write maps to the one and lists to the other. */
    private static long bytesIn(DataOutputView target) {
        if (target instanceof DataOutputSerializer bytes) {
            return bytes.length();
        }
        return target instanceof DataOutputStream stream ? stream.size() : 0;
    }

    @Override
    public TypeSerializer<T> duplicate() {
        return new WatchedSerializer<>(serializer.duplicate(), watcher);
    }

    @Override
    public boolean isImmutableType() {
        return serializer.isImmutableType();
    }

    @Override
    public T createInstance() {
        return serializer.createInstance();
    }

    @Override
    public T copy(T from) {
        return serializer.copy(from);
    }

    @Override
    public T copy(T from, T reuse) {
        return serializer.copy(from, reuse);
    }

    @Override
    public int getLength() {
        return serializer.getLength();
    }

    @Override
    public T deserialize(DataInputView source) throws IOException {
        return serializer.deserialize(source);
    }

    @Override
    public T deserialize(T reuse, DataInputView source) throws IOException {
        return serializer.deserialize(reuse, source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serializer.copy(source, target);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WatchedSerializer<?> that && serializer.equals(that.serializer);
    }

    @Override
    public int hashCode() {
        return serializer.hashCode();
    }

    @Override
    public TypeSerializerSnapshot<T> snapshotConfiguration() {
        return serializer.snapshotConfiguration();
    }
}
