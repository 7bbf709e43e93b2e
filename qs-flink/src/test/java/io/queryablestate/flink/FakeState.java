package io.queryablestate.flink;

import java.util.concurrent.Callable;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.internal.InternalKvState;

/** A value state of strings that answers every key with the same thing. */
final class FakeState implements InternalKvState<String, VoidNamespace, Long> {

    private final Callable<byte[]> answer;

    FakeState(Callable<byte[]> answer) {
        this.answer = answer;
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
    public TypeSerializer<Long> getValueSerializer() {
        return LongSerializer.INSTANCE;
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
            TypeSerializer<Long> valueSerializer)
            throws Exception {
        return answer.call();
    }

    @Override
    public StateIncrementalVisitor<String, VoidNamespace, Long> getStateIncrementalVisitor(int records) {
        throw new UnsupportedOperationException("not used by reads");
    }

    @Override
    public void clear() {
        throw new UnsupportedOperationException("a read must not change what the job sees");
    }
}
