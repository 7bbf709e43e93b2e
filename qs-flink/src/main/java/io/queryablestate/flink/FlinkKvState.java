package io.queryablestate.flink;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.StateKind;
import io.queryablestate.server.KvState;
import io.queryablestate.server.ReadContext;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.api.common.typeutils.base.MapSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
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
 *
 * <p>Not thread safe.
 */
final class FlinkKvState<K, N, V> implements KvState {

    private final InternalKvState<K, N, V> state;
    private final KvStateInfo<K, N, V> serializers;
    private final TypeSerializer<V> valueSerializer;
    private final ClassLoader userClassLoader;
    /** Of the read that is under way; there is never more than one, and never another thread. */
    private @Nullable ReadContext current;

    private FlinkKvState(KvStateEntry<K, N, V> entry) {
        this.state = entry.getState();
        this.serializers = entry.getInfoForCurrentThread();
        this.valueSerializer = watched(serializers.getStateValueSerializer());
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
        current = context;
        try {
            return read(serializedKeyAndNamespace);
        } finally {
            current = null;
            thread.setContextClassLoader(ofTask);
        }
    }

    /** Lists and maps are watched while they are written; others are written by one call that cannot be stopped. */
    @SuppressWarnings("unchecked") // Each stands for a serializer of the same type.
    private TypeSerializer<V> watched(TypeSerializer<V> serializer) {
        if (serializer instanceof ListSerializer<?> list) {
            return (TypeSerializer<V>) new ListSerializer<>(watchedElement(list.getElementSerializer()));
        }
        if (serializer instanceof MapSerializer<?, ?> map) {
            return (TypeSerializer<V>)
                    new MapSerializer<>(watchedElement(map.getKeySerializer()), map.getValueSerializer());
        }
        return serializer;
    }

    private <T> TypeSerializer<T> watchedElement(TypeSerializer<T> serializer) {
        return new WatchedSerializer<>(serializer, this::check);
    }

    private void check(long bytes) {
        ReadContext context = current;
        if (context != null) {
            context.check(bytes);
        }
    }

    private byte @Nullable [] read(byte[] serializedKeyAndNamespace) throws Exception {
        if (serializers.getKeySerializer() instanceof StringSerializer
                && !StringKeys.canBeComplete(serializedKeyAndNamespace)) {
            throw mismatch();
        }
        try {
            return state.getSerializedValue(
                    serializedKeyAndNamespace,
                    serializers.getKeySerializer(),
                    serializers.getNamespaceSerializer(),
                    valueSerializer);
        } catch (QueryableStateException e) {
            throw e;
        } catch (Exception e) {
            // The backends do not tell which of the two went wrong, the key or the state.
            if (isKeyAndNamespace(serializedKeyAndNamespace)) {
                throw e;
            }
            throw mismatch();
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

    private QueryableStateException mismatch() {
        return new QueryableStateException(
                ErrorCode.SERIALIZER_MISMATCH,
                "the bytes are not a key of " + nameOf(serializers.getKeySerializer()) + " and a namespace of "
                        + nameOf(serializers.getNamespaceSerializer()));
    }

    private static String nameOf(TypeSerializer<?> serializer) {
        return serializer.getClass().getSimpleName();
    }
}
