package io.queryablestate.embedded;

import io.queryablestate.client.serialization.KeyAndNamespace;
import io.queryablestate.client.serialization.KeySerializer;
import io.queryablestate.client.serialization.Serializer;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.VoidNamespace;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A named, keyed state of a job in the cluster, from the side of the job that writes it. What a write has replaced is
 * what every query finds from then on.
 *
 * <p>Thread-safe. Writes are atomic for each key, also while the job moves, recovers or is rescaled; they wait while a
 * move copies values. Every method throws {@link IllegalStateException} once the job has ended, and
 * {@link io.queryablestate.messages.QueryableStateException} of code {@code SERIALIZER_MISMATCH} for what a serializer
 * cannot write.
 *
 * @param <K> the type of the keys
 * @param <V> the type of what the state holds; for an aggregating state the accumulator
 */
public final class EmbeddedState<K, V> {

    private final String name;
    private final KeySerializer<K> keySerializer;
    private final StateCodec<V> codec;
    private final PartitionedState values;

    EmbeddedState(String name, KeySerializer<K> keySerializer, StateCodec<V> codec, PartitionedState values) {
        this.name = name;
        this.keySerializer = keySerializer;
        this.codec = codec;
        this.values = values;
    }

    /** The name under which the state is queryable. */
    public String name() {
        return name;
    }

    /** The present value of a key. Asks the job, not a proxy. */
    public Optional<V> get(K key) {
        return get(key, VoidNamespace.INSTANCE, Serializers.VOID_NAMESPACE);
    }

    /** The same for a key in a namespace, such as a window. */
    public <N> Optional<V> get(K key, N namespace, Serializer<N> namespaceSerializer) {
        byte[] keyBytes = bytes(key, namespace, namespaceSerializer);
        return Optional.ofNullable(codec.read(values.get(keySerializer.keyHashCode(key), keyBytes)));
    }

    /** Sets the value of a key. */
    public void put(K key, V value) {
        put(key, VoidNamespace.INSTANCE, Serializers.VOID_NAMESPACE, value);
    }

    /** The same for a key in a namespace. */
    public <N> void put(K key, N namespace, Serializer<N> namespaceSerializer, V value) {
        byte[] valueBytes = codec.write(value);
        values.update(
                keySerializer.keyHashCode(key), bytes(key, namespace, namespaceSerializer), present -> valueBytes);
    }

    /** Removes the value of a key, if there is one. */
    public void remove(K key) {
        remove(key, VoidNamespace.INSTANCE, Serializers.VOID_NAMESPACE);
    }

    /** The same for a key in a namespace. */
    public <N> void remove(K key, N namespace, Serializer<N> namespaceSerializer) {
        values.update(keySerializer.keyHashCode(key), bytes(key, namespace, namespaceSerializer), present -> null);
    }

    /**
     * Replaces the value of a key by what a function makes of it: no other write of this key comes between.
     *
     * @param change called once, on this thread, holding up other writes of the key: it must be short and must call
     *     neither this state nor its cluster. What it throws comes out of this method and changes nothing
     */
    public void update(K key, Change<V> change) {
        update(key, VoidNamespace.INSTANCE, Serializers.VOID_NAMESPACE, change);
    }

    /** The same for a key in a namespace. */
    public <N> void update(K key, N namespace, Serializer<N> namespaceSerializer, Change<V> change) {
        values.update(keySerializer.keyHashCode(key), bytes(key, namespace, namespaceSerializer), present -> {
            V next = change.apply(codec.read(present));
            return next == null ? null : codec.write(next);
        });
    }

    /** How many keys, each in its namespace, have a value. */
    public int size() {
        return values.size();
    }

    private <N> byte[] bytes(K key, N namespace, Serializer<N> namespaceSerializer) {
        return KeyAndNamespace.serialize(keySerializer, key, namespaceSerializer, namespace);
    }

    /**
     * Makes a new value of the present one.
     *
     * @param <V> the type of what the state holds
     */
    @FunctionalInterface
    public interface Change<V> {
        /**
         * Called with the present value.
         *
         * @param present null if there is none
         * @return the new value; null to remove the present one
         */
        @Nullable
        V apply(@Nullable V present);
    }
}
