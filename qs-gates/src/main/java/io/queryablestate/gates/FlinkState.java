package io.queryablestate.gates;

import io.queryablestate.client.serialization.Serializers;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.internal.InternalKvState;

/** A state of Flink's that answers every key with the same bytes. */
final class FlinkState implements InternalKvState<Long, VoidNamespace, byte[]> {

    private final byte[] value;

    FlinkState(int valueBytes) {
        this.value = Serializers.serialize(Serializers.BYTES, new GateValue(0, 0, 0).encode(valueBytes));
    }

    @Override
    public TypeSerializer<Long> getKeySerializer() {
        return LongSerializer.INSTANCE;
    }

    @Override
    public TypeSerializer<VoidNamespace> getNamespaceSerializer() {
        return VoidNamespaceSerializer.INSTANCE;
    }

    @Override
    public TypeSerializer<byte[]> getValueSerializer() {
        return BytePrimitiveArraySerializer.INSTANCE;
    }

    @Override
    public void setCurrentNamespace(VoidNamespace namespace) {
        // There is one.
    }

    @Override
    public byte[] getSerializedValue(
            byte[] serializedKeyAndNamespace,
            TypeSerializer<Long> keySerializer,
            TypeSerializer<VoidNamespace> namespaceSerializer,
            TypeSerializer<byte[]> valueSerializer) {
        return value;
    }

    @Override
    public StateIncrementalVisitor<Long, VoidNamespace, byte[]> getStateIncrementalVisitor(int recommendedMaxRecords) {
        throw new UnsupportedOperationException("nobody visits it");
    }

    @Override
    public void clear() {
        throw new UnsupportedOperationException("nobody writes it");
    }
}
