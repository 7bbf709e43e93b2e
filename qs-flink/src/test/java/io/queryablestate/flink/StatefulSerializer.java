package io.queryablestate.flink;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** A serializer that each thread needs a copy of, and that remembers with which context class loader it was copied. */
final class StatefulSerializer extends TypeSerializer<Long> {

    private static final long serialVersionUID = 1L;

    private final transient Queue<ClassLoader> copies;
    private final transient Queue<ClassLoader> copiesOfCopies;

    StatefulSerializer() {
        this(new ConcurrentLinkedQueue<>(), new ConcurrentLinkedQueue<>());
    }

    private StatefulSerializer(Queue<ClassLoader> copies, Queue<ClassLoader> copiesOfCopies) {
        this.copies = copies;
        this.copiesOfCopies = copiesOfCopies;
    }

    /** Of this one. */
    Queue<ClassLoader> copies() {
        return copies;
    }

    /** Of its copies, and of theirs. */
    Queue<ClassLoader> copiesOfCopies() {
        return copiesOfCopies;
    }

    @Override
    public TypeSerializer<Long> duplicate() {
        copies.add(Thread.currentThread().getContextClassLoader());
        return new StatefulSerializer(copiesOfCopies, copiesOfCopies);
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
    public void serialize(Long number, DataOutputView target) throws IOException {
        target.writeLong(number);
    }

    @Override
    public Long deserialize(DataInputView source) throws IOException {
        return source.readLong();
    }

    @Override
    public Long deserialize(Long reuse, DataInputView source) throws IOException {
        return source.readLong();
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        target.writeLong(source.readLong());
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // So that a test can tell copies apart.
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
