package io.queryablestate.server;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Keyed state in memory, held as serialized bytes. Values are replaced, never changed, so a reader sees one whole value
 * or another, on any thread and without blocking: register it as {@link ReadMode#inline()}.
 *
 * <p>Arrays are not copied: those given to it or got from it must not be modified. It has no bounds of its own, the job
 * that writes it does. Keys are serialized key and namespace. Thread-safe.
 */
public final class HeapKvState implements KvState {

    private final ConcurrentMap<Key, byte[]> values = new ConcurrentHashMap<>();

    /** Makes an empty state. */
    public HeapKvState() {}

    @Override
    public byte @Nullable [] read(byte[] serializedKeyAndNamespace, ReadContext context) {
        return get(serializedKeyAndNamespace);
    }

    /** The value, or null if there is none. */
    public byte @Nullable [] get(byte[] key) {
        return values.get(new Key(key));
    }

    /** Sets the value. */
    public void put(byte[] key, byte[] value) {
        values.put(new Key(key), value);
    }

    /** Removes the value, if there is one. */
    public void remove(byte[] key) {
        values.remove(new Key(key));
    }

    /**
     * Replaces a value atomically.
     *
     * @param change gets the present value, null if there is none, and returns the new one, null to remove it; called
     *     once, short, must not touch this state. What it throws leaves the value as it is
     */
    public void update(byte[] key, UnaryOperator<byte @Nullable []> change) {
        values.compute(new Key(key), (ignored, present) -> change.apply(present));
    }

    /** How many keys have a value. */
    public int size() {
        return values.size();
    }

    /**
     * Shows every key and its value, to copy or to move them. What is written meanwhile may be missed; what is not
     * written meanwhile is shown exactly once.
     */
    public void forEach(BiConsumer<byte[], byte[]> action) {
        values.forEach((key, value) -> action.accept(key.bytes, value));
    }

    /** Comparable, so that the map stays quick when many keys have the same hash. */
    private static final class Key implements Comparable<Key> {

        private static final int FNV_OFFSET = 0x811c9dc5;
        private static final int FNV_PRIME = 0x01000193;

        private final byte[] bytes;
        private final int hash;

        Key(byte[] bytes) {
            this.bytes = bytes;
            this.hash = hash(bytes);
        }

        /**
         * FNV-1a. {@code Arrays.hashCode} has few values for what differs in few bytes, as numbers do: 9,122 for the
         * 100,000 longs from 0.
         */
        private static int hash(byte[] bytes) {
            int hash = FNV_OFFSET;
            for (byte next : bytes) {
                hash = (hash ^ next) * FNV_PRIME;
            }
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && Arrays.equals(bytes, key.bytes);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public int compareTo(Key other) {
            return Arrays.compare(bytes, other.bytes);
        }
    }
}
