package io.queryablestate.benchmarks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Keys that every peer holds, with values of one length. A value follows from its key alone, its length too, so that any
 * answer can be checked by who has asked.
 *
 * @param keys how many
 * @param valueBytes the length of each value
 */
record Workload(int keys, int valueBytes) {

    /** What most rows ask for. */
    static final Workload SMALL = new Workload(100_000, 100);

    /** Values that are passed on in pieces. */
    static final Workload LARGE = new Workload(64, 256 * 1024);

    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** Longer values are looked at once in each cache line: the check must not be what is measured. */
    private static final int LOOK_AT_ALL_BYTES = 1024;

    private static final int CACHE_LINE_BYTES = 64;

    /** One of the keys, by its index. */
    long key(int index) {
        return (long) valueBytes << Integer.SIZE | index;
    }

    long randomKey() {
        return key(ThreadLocalRandom.current().nextInt(keys));
    }

    /** How long the value of a key of any workload is. */
    static int valueBytes(long key) {
        return (int) (key >>> Integer.SIZE);
    }

    /** The place of a key in its workload. */
    static int index(long key) {
        return (int) key;
    }

    static byte[] valueOf(long key) {
        byte[] value = new byte[valueBytes(key)];
        int i = 0;
        for (; i + Long.BYTES <= value.length; i += Long.BYTES) {
            LONGS.set(value, i, wordAt(key, i));
        }
        for (; i < value.length; i++) {
            value[i] = (byte) wordAt(key, i);
        }
        return value;
    }

    /** Compares without making the right value first: all of it, or of a long value a word in each cache line. */
    static boolean isValueOf(long key, byte[] value) {
        if (value.length != valueBytes(key)) {
            return false;
        }
        int step = value.length <= LOOK_AT_ALL_BYTES ? Long.BYTES : CACHE_LINE_BYTES;
        int i = 0;
        for (; i + Long.BYTES <= value.length; i += step) {
            if ((long) LONGS.get(value, i) != wordAt(key, i)) {
                return false;
            }
        }
        for (; i < value.length; i++) {
            if (value[i] != (byte) wordAt(key, i)) {
                return false;
            }
        }
        return true;
    }

    /** Differs in every key and every place, so that a value put together from two others is not taken for right. */
    private static long wordAt(long key, int index) {
        long word = key * GOLDEN_GAMMA + index;
        word = (word ^ (word >>> 30)) * 0xbf58476d1ce4e5b9L;
        word = (word ^ (word >>> 27)) * 0x94d049bb133111ebL;
        return word ^ (word >>> 31);
    }

    /** Written {@code 100000x100}. */
    static Workload parse(String text) {
        String[] parts = text.split("x", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("expected keys and bytes, such as 100000x100, got \"" + text + "\"");
        }
        return new Workload(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    @Override
    public String toString() {
        return keys + "x" + valueBytes;
    }
}
