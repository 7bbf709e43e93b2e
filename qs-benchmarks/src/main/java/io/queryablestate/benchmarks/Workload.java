package io.queryablestate.benchmarks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.concurrent.ThreadLocalRandom;

/** The work that every peer does: reads of random keys whose values follow from the keys. */
final class Workload {

    static final int KEYS = 100_000;
    static final int VALUE_BYTES = 100;

    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Workload() {}

    static long randomKey() {
        return ThreadLocalRandom.current().nextInt(KEYS);
    }

    static byte[] valueOf(long key) {
        byte[] value = new byte[VALUE_BYTES];
        int i = 0;
        for (; i + Long.BYTES <= VALUE_BYTES; i += Long.BYTES) {
            LONGS.set(value, i, wordAt(key, i));
        }
        for (; i < VALUE_BYTES; i++) {
            value[i] = (byte) wordAt(key, i);
        }
        return value;
    }

    /** Compares without making the right value first. */
    static boolean isValueOf(long key, byte[] value) {
        if (value.length != VALUE_BYTES) {
            return false;
        }
        int i = 0;
        for (; i + Long.BYTES <= VALUE_BYTES; i += Long.BYTES) {
            if ((long) LONGS.get(value, i) != wordAt(key, i)) {
                return false;
            }
        }
        for (; i < VALUE_BYTES; i++) {
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
}
