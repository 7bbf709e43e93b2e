package io.queryablestate.cli;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The data of {@code qs cluster --keys}: values that follow from key and length, so that whoever reads one can tell
 * whether it is the right one and whole.
 */
final class GeneratedValues {

    /** A job of this name holds such values, in the state {@link #STATE}. */
    static final String JOB = "generated-values";

    static final String STATE = "values";

    private static final long STEP = 0x9e3779b97f4a7c15L;

    private GeneratedValues() {}

    /** The value of a key. */
    static byte[] of(long key, int length) {
        ByteBuffer value = ByteBuffer.allocate((length + Long.BYTES - 1) / Long.BYTES * Long.BYTES);
        long seed = mix(key * STEP + length);
        while (value.hasRemaining()) {
            seed += STEP;
            value.putLong(mix(seed));
        }
        return Arrays.copyOf(value.array(), length);
    }

    /** Whether these bytes are the value of the key, of whatever length it is. */
    static boolean isRight(long key, byte[] value) {
        return Arrays.equals(value, of(key, value.length));
    }

    /** The finalizer of SplitMix64: every bit of the result depends on every bit of the number. */
    private static long mix(long number) {
        long mixed = (number ^ (number >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
