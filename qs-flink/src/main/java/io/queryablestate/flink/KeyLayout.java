package io.queryablestate.flink;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * How a serializer of Flink lays its values out in bytes, as far as it takes to find their ends. Flink's serializers make
 * room for whatever length they read, and some load the class whose name they read; so the bytes of a peer are walked
 * before a serializer sees them.
 *
 * <p>A layout takes exactly the bytes that its serializer takes, or fails. Thread safe, and free of the job's classes.
 */
@FunctionalInterface
interface KeyLayout {

    /**
     * Moves past one value.
     *
     * @throws BufferUnderflowException if it has more bytes than there are
     * @throws MalformedKeyException if it has a length or a mark that no value has, or one that must not be read
     */
    void skip(ByteBuffer bytes);

    /** Values that all have the same number of bytes. */
    static KeyLayout fixed(int length) {
        return bytes -> skip(bytes, length);
    }

    /** One value after another. */
    static KeyLayout sequence(List<KeyLayout> layouts) {
        return bytes -> layouts.forEach(layout -> layout.skip(bytes));
    }

    /** A boolean, followed by a value if it is {@code present}. */
    static KeyLayout optional(boolean present, KeyLayout layout) {
        return bytes -> {
            if (readBoolean(bytes) == present) {
                layout.skip(bytes);
            }
        };
    }

    /** An array of numbers: how many, and each in the same number of bytes. */
    static KeyLayout array(int elementLength) {
        return bytes -> skip(bytes, (long) readCount(bytes) * elementLength);
    }

    /** How many, and each of them. */
    static KeyLayout repeated(KeyLayout element) {
        return bytes -> {
            int count = readCount(bytes);
            for (int i = 0; i < count; i++) {
                int before = bytes.position();
                element.skip(bytes);
                if (bytes.position() == before) {
                    // A few bytes could announce any number of these.
                    throw new MalformedKeyException("elements without bytes");
                }
            }
        };
    }

    /** No more elements than there are bytes, since room is made for them before they are read. */
    private static int readCount(ByteBuffer bytes) {
        int count = bytes.getInt();
        if (count < 0) {
            throw new MalformedKeyException("a negative number of elements");
        }
        if (count > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        return count;
    }

    /** As Flink reads it, for which every byte but 0 is true. */
    static boolean readBoolean(ByteBuffer bytes) {
        return bytes.get() != 0;
    }

    /** Moves past bytes that must be there. */
    static void skip(ByteBuffer bytes, long count) {
        if (count > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        bytes.position(bytes.position() + (int) count);
    }
}
