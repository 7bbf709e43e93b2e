package io.queryablestate.flink;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.StateKind;
import io.queryablestate.server.KvState;
import io.queryablestate.server.ReadContext;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.api.common.typeutils.base.MapSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
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
 * A state of Flink and the means to read it: on the thread of its task, or, if {@link RocksDbReads} allows that, by one
 * thread at a time.
 *
 * <p>It has serializers of its own where they are stateful, so that bytes of a peer that throw one off leave those of the
 * job alone. No serializer sees bytes that are not a key and a namespace.
 *
 * <p>Not thread safe.
 */
final class FlinkKvState<K, N, V> implements KvState {

    private final InternalKvState<K, N, V> state;
    private final KvStateInfo<K, N, V> serializers;
    private final TypeSerializer<V> valueSerializer;
    private final ClassLoader userClassLoader;
    /** Null if the operator takes the risk. */
    private final @Nullable KeyCheck keyCheck;
    /** Of the read that is under way; there is never more than one. */
    private @Nullable ReadContext current;

    private FlinkKvState(
            InternalKvState<K, N, V> state,
            KvStateInfo<K, N, V> serializers,
            ClassLoader userClassLoader,
            @Nullable KeyCheck keyCheck) {
        this.state = state;
        this.serializers = serializers;
        this.valueSerializer = watched(serializers.getStateValueSerializer());
        this.userClassLoader = userClassLoader;
        this.keyCheck = keyCheck;
    }

    /**
     * To be called on the thread of the task, as it copies the job's serializers.
     *
     * @param keyCheck of the state's key and namespace; null to let their serializers read any bytes
     */
    static <K, N, V> FlinkKvState<K, N, V> of(KvStateEntry<K, N, V> entry, @Nullable KeyCheck keyCheck) {
        InternalKvState<K, N, V> state = entry.getState();
        KvStateInfo<K, N, V> live =
                new KvStateInfo<>(state.getKeySerializer(), state.getNamespaceSerializer(), state.getValueSerializer());
        return new FlinkKvState<>(state, live.duplicate(), entry.getUserClassLoader(), keyCheck);
    }

    /** The same state with serializers of its own; not while this one reads or is copied by another thread. */
    FlinkKvState<K, N, V> copy() {
        ClassLoader ofThread = useClassLoader(userClassLoader);
        try {
            return new FlinkKvState<>(state, serializers.duplicate(), userClassLoader, keyCheck);
        } finally {
            useClassLoader(ofThread);
        }
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
        checkKey(serializedKeyAndNamespace);
        ClassLoader ofThread = useClassLoader(userClassLoader);
        current = context;
        try {
            return read(serializedKeyAndNamespace);
        } finally {
            current = null;
            useClassLoader(ofThread);
        }
    }

    private void checkKey(byte[] serializedKeyAndNamespace) {
        if (keyCheck != null) {
            try {
                keyCheck.check(serializedKeyAndNamespace);
            } catch (MalformedKeyException e) {
                throw mismatch(e.getMessage());
            }
        }
    }

    /** The class loader that the thread had before. */
    private static ClassLoader useClassLoader(ClassLoader classLoader) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(classLoader);
        return before;
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
            throw mismatch("they have values that it does not take");
        }
    }

    /** No state has a null key or namespace, though most serializers can write one. */
    private boolean isKeyAndNamespace(byte[] bytes) {
        try {
            Tuple2<K, N> read = KvStateSerializer.deserializeKeyAndNamespace(
                    bytes, serializers.getKeySerializer(), serializers.getNamespaceSerializer());
            return read.f0 != null && read.f1 != null;
        } catch (Exception e) {
            return false;
        }
    }

    private QueryableStateException mismatch(@Nullable String reason) {
        return new QueryableStateException(
                ErrorCode.SERIALIZER_MISMATCH,
                "the bytes are not a key of " + nameOf(serializers.getKeySerializer()) + " and a namespace of "
                        + nameOf(serializers.getNamespaceSerializer()) + ": " + reason);
    }

    private static String nameOf(TypeSerializer<?> serializer) {
        return serializer.getClass().getSimpleName();
    }
}
