package io.queryablestate.flink;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Tells whether the bytes of a request are a key and a namespace of a state, before a serializer sees them. Thread safe. */
final class KeyCheck {

    /** Between key and namespace. */
    private static final byte SEPARATOR = 42;

    private final KeyLayout key;
    private final KeyLayout namespace;

    private KeyCheck(KeyLayout key, KeyLayout namespace) {
        this.key = key;
        this.namespace = namespace;
    }

    /**
     * A check for what these two serializers write.
     *
     * @throws UncheckedKeyException if what one of them writes is not known
     */
    static KeyCheck of(TypeSerializer<?> key, TypeSerializer<?> namespace) throws UncheckedKeyException {
        return new KeyCheck(KeyLayouts.of(key), KeyLayouts.of(namespace));
    }

    /**
     * Passes if the bytes are a key and a namespace and nothing else.
     *
     * @throws MalformedKeyException if not; the message says what is wrong and has nothing of the bytes
     */
    void check(byte[] keyAndNamespace) {
        ByteBuffer bytes = ByteBuffer.wrap(keyAndNamespace);
        try {
            key.skip(bytes);
            if (bytes.get() != SEPARATOR) {
                throw new MalformedKeyException("no separator after the key");
            }
            namespace.skip(bytes);
        } catch (BufferUnderflowException e) {
            throw new MalformedKeyException("more is announced than there is");
        }
        if (bytes.hasRemaining()) {
            throw new MalformedKeyException("something follows the namespace");
        }
    }
}
