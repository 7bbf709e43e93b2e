package io.queryablestate.client.serialization;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a state is asked for: a key, and the namespace in which the key's value is looked up. The bytes are the key, one
 * byte 42, the namespace.
 *
 * @param key the key
 * @param namespace the namespace; {@link VoidNamespace} for state that is not in a window
 * @param <K> the type of the key
 * @param <N> the type of the namespace
 */
public record KeyAndNamespace<K, N>(K key, N namespace) {

    private static final int SEPARATOR = 42;

    /**
     * The bytes for a key of a state that is not in a window.
     *
     * @throws io.queryablestate.messages.QueryableStateException {@code SERIALIZER_MISMATCH} if the serializer fails
     */
    public static <K> byte[] serialize(KeySerializer<K> keySerializer, K key) {
        return serialize(keySerializer, key, Serializers.VOID_NAMESPACE, VoidNamespace.INSTANCE);
    }

    /**
     * The bytes for a key and namespace.
     *
     * @throws io.queryablestate.messages.QueryableStateException {@code SERIALIZER_MISMATCH} if a serializer fails
     */
    public static <K, N> byte[] serialize(
            KeySerializer<K> keySerializer, K key, Serializer<N> namespaceSerializer, N namespace) {
        return SerializedForm.write(() -> describe(keySerializer, namespaceSerializer), out -> {
            keySerializer.serialize(required(key, "key"), out);
            out.writeByte(SEPARATOR);
            namespaceSerializer.serialize(required(namespace, "namespace"), out);
        });
    }

    /**
     * Reads them back, all of {@code bytes}.
     *
     * @throws io.queryablestate.messages.QueryableStateException {@code SERIALIZER_MISMATCH} if the bytes are not a key
     *     and namespace of these types, or one of the two is null
     */
    public static <K, N> KeyAndNamespace<K, N> deserialize(
            Serializer<K> keySerializer, Serializer<N> namespaceSerializer, byte[] bytes) {
        return SerializedForm.read(bytes, describe(keySerializer, namespaceSerializer), in -> {
            K key = required(keySerializer.deserialize(in), "key");
            BoundedReads.readMarker(in, SEPARATOR, "the byte after a key");
            return new KeyAndNamespace<>(key, required(namespaceSerializer.deserialize(in), "namespace"));
        });
    }

    private static <T> T required(@Nullable T value, String what) throws IOException {
        if (value == null) {
            throw new IOException("a " + what + " is never null");
        }
        return value;
    }

    private static String describe(Serializer<?> key, Serializer<?> namespace) {
        return "a key of type " + key.typeName() + " and a namespace of type " + namespace.typeName();
    }
}
