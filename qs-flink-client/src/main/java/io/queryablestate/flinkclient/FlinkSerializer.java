package io.queryablestate.flinkclient;

import io.queryablestate.client.serialization.Serializer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.InputStream;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;

/**
 * A serializer of Flink's, for use by many threads. Flink's own are for one thread at a time, so each use gets a duplicate
 * of its own; duplicates are kept for the next use, since some are expensive to make. One that has failed is dropped: what
 * it remembers of the failed value could spoil the next one.
 */
final class FlinkSerializer<T> implements Serializer<T> {

    private static final int TYPICAL_BYTES = 64;

    private final String typeName;
    private final @Nullable ClassLoader classLoader;
    /** Only duplicated, under its lock, and never used. */
    private final TypeSerializer<T> master;

    private final Queue<TypeSerializer<T>> idle = new ConcurrentLinkedQueue<>();

    /**
     * Takes a duplicate, so that the caller keeps the serializer.
     *
     * @param classLoader the context class loader that it is used with; null for that of the thread
     */
    FlinkSerializer(TypeSerializer<T> serializer, String typeName, @Nullable ClassLoader classLoader) {
        this.typeName = typeName;
        this.classLoader = classLoader;
        this.master = serializer.duplicate();
    }

    @Override
    public void serialize(@Nullable T value, DataOutput out) throws IOException {
        DataOutputSerializer bytes = new DataOutputSerializer(TYPICAL_BYTES);
        use(serializer -> {
            serializer.serialize(value, bytes);
            return null;
        });
        out.write(bytes.getSharedBuffer(), 0, bytes.length());
    }

    @Override
    public @Nullable T deserialize(DataInput in) throws IOException {
        InputStream bytes = in instanceof InputStream stream ? stream : new DataInputBytes(in);
        return use(serializer -> serializer.deserialize(new DataInputViewStreamWrapper(bytes)));
    }

    @Override
    public String typeName() {
        return typeName;
    }

    private @Nullable T use(Use<T> use) throws IOException {
        return ContextClassLoader.<T, IOException>with(classLoader, () -> {
            TypeSerializer<T> serializer = idle.poll();
            if (serializer == null) {
                synchronized (master) {
                    serializer = master.duplicate();
                }
            }
            T result = use.with(serializer);
            idle.add(serializer);
            return result;
        });
    }

    /** What is done with a serializer. */
    @FunctionalInterface
    private interface Use<T> {
        @Nullable
        T with(TypeSerializer<T> serializer) throws IOException;
    }
}
