package io.queryablestate.flink;

import java.util.concurrent.Callable;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.internal.InternalKvState;

/** A state with strings as keys that answers every key with the same thing. */
final class FakeState<V> implements InternalKvState<String, VoidNamespace, V> {

    private final TypeSerializer<V> valueSerializer;

    private final Answer<V> answer;

    FakeState(TypeSerializer<V> valueSerializer, Answer<V> answer) {
        this.valueSerializer = valueSerializer;
        this.answer = answer;
    }

    /** A state of numbers. */
    static FakeState<Long> answering(Callable<byte[]> answer) {
        return new FakeState<>(LongSerializer.INSTANCE, serializer -> answer.call());
    }

    @Override
    public TypeSerializer<String> getKeySerializer() {
        return StringSerializer.INSTANCE;
    }

    @Override
    public TypeSerializer<VoidNamespace> getNamespaceSerializer() {
        return VoidNamespaceSerializer.INSTANCE;
    }

    @Override
    public TypeSerializer<V> getValueSerializer() {
        return valueSerializer;
    }

    @Override
    public void setCurrentNamespace(VoidNamespace namespace) {
        throw new UnsupportedOperationException("a read must not change what the job sees");
    }

    @Override
    public byte[] getSerializedValue(
            byte[] keyAndNamespace,
            TypeSerializer<String> keySerializer,
            TypeSerializer<VoidNamespace> namespaceSerializer,
            TypeSerializer<V> safeValueSerializer)
            throws Exception {
        return answer.with(safeValueSerializer);
    }

    @Override
    public StateIncrementalVisitor<String, VoidNamespace, V> getStateIncrementalVisitor(int records) {
        throw new UnsupportedOperationException("not used by reads");
    }

    @Override
    public void clear() {
        throw new UnsupportedOperationException("a read must not change what the job sees");
    }

    /** Makes the answer with the serializer that the reader brings. */
    @FunctionalInterface
    interface Answer<V> {
        byte[] with(TypeSerializer<V> serializer) throws Exception;
    }
}
