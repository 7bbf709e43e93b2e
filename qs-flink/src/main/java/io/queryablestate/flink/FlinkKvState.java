package io.queryablestate.flink;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.StateKind;
import io.queryablestate.server.KvState;
import io.queryablestate.server.ReadContext;
import org.apache.flink.queryablestate.client.state.serialization.KvStateSerializer;
import org.apache.flink.runtime.query.KvStateEntry;
import org.apache.flink.runtime.query.KvStateInfo;
import org.apache.flink.runtime.state.internal.InternalAggregatingState;
import org.apache.flink.runtime.state.internal.InternalKvState;
import org.apache.flink.runtime.state.internal.InternalListState;
import org.apache.flink.runtime.state.internal.InternalMapState;
import org.apache.flink.runtime.state.internal.InternalReducingState;
import org.jspecify.annotations.Nullable;

/**
 * A state of Flink, read on the thread of its task only.
 *
 * <p>It has serializers of its own where they are stateful, so that bytes of a peer that throw one off leave those of the
 * job alone.
 */
final class FlinkKvState<K, N, V> implements KvState {

    private final InternalKvState<K, N, V> state;
    private final KvStateInfo<K, N, V> serializers;
    private final ClassLoader userClassLoader;

    private FlinkKvState(KvStateEntry<K, N, V> entry) {
        this.state = entry.getState();
        this.serializers = entry.getInfoForCurrentThread();
        this.userClassLoader = entry.getUserClassLoader();
    }

    /** To be called on the thread of the task, as it copies the job's serializers. */
    static <K, N, V> FlinkKvState<K, N, V> of(KvStateEntry<K, N, V> entry) {
        return new FlinkKvState<>(entry);
    }

    static StateKind kindOf(InternalKvState<?, ?, ?> state) {
        if (state instanceof InternalListState) {
            return StateKind.LIST;
        }
        if (state instanceof InternalMapState) {
            return StateKind.MAP;
        }
        if (state instanceof InternalReducingState) {
            return StateKind.REDUCING;
        }
        return state instanceof InternalAggregatingState ? StateKind.AGGREGATING : StateKind.VALUE;
    }

    @Override
    public byte @Nullable [] read(byte[] serializedKeyAndNamespace, ReadContext context) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader ofTask = thread.getContextClassLoader();
        thread.setContextClassLoader(userClassLoader);
        try {
            return read(serializedKeyAndNamespace);
        } finally {
            thread.setContextClassLoader(ofTask);
        }
    }

    private byte @Nullable [] read(byte[] serializedKeyAndNamespace) throws Exception {
        try {
            return state.getSerializedValue(
                    serializedKeyAndNamespace,
                    serializers.getKeySerializer(),
                    serializers.getNamespaceSerializer(),
                    serializers.getStateValueSerializer());
        } catch (Exception e) {
            // The backends do not tell which of the two went wrong, the key or the state.
            if (!isKeyAndNamespace(serializedKeyAndNamespace)) {
                throw new QueryableStateException(
                        ErrorCode.SERIALIZER_MISMATCH,
                        "the bytes are not a key and namespace of "
                                + serializers.getKeySerializer().getClass().getSimpleName() + " and "
                                + serializers
                                        .getNamespaceSerializer()
                                        .getClass()
                                        .getSimpleName());
            }
            throw e;
        }
    }

    private boolean isKeyAndNamespace(byte[] bytes) {
        try {
            KvStateSerializer.deserializeKeyAndNamespace(
                    bytes, serializers.getKeySerializer(), serializers.getNamespaceSerializer());
            return true;
        } catch (Exception e) {
            return false;
        }
    }
}
