package io.queryablestate.messages;

/**
 * Which key group a key belongs to and which subtask owns a key group, bit for bit as Flink's
 * {@code KeyGroupRangeAssignment} computes it (same in 1.20 and 2.3).
 */
public final class KeyGroups {

    /** Flink's upper bound for the number of key groups of an operator. */
    public static final int MAX_KEY_GROUPS = 1 << 15;

    private KeyGroups() {}

    /**
     * The key group of a key.
     *
     * @param keyHashCode the key's {@code hashCode()}
     * @param maxParallelism the number of key groups of the operator, 1 to {@link #MAX_KEY_GROUPS}
     */
    public static int of(int keyHashCode, int maxParallelism) {
        return murmur(keyHashCode) % maxParallelism;
    }

    /**
     * The key groups that one subtask owns.
     *
     * @param maxParallelism the number of key groups of the operator
     * @param parallelism how many subtasks share them, at most {@code maxParallelism}
     * @param subtask index of the subtask, from 0
     */
    public static KeyGroupRange rangeOf(int maxParallelism, int parallelism, int subtask) {
        checkMaxParallelism(maxParallelism);
        if (parallelism < 1 || parallelism > maxParallelism || subtask < 0 || subtask >= parallelism) {
            throw new IllegalArgumentException(
                    "no subtask " + subtask + " of " + parallelism + " with " + maxParallelism + " key groups");
        }
        int start = (subtask * maxParallelism + parallelism - 1) / parallelism;
        int end = ((subtask + 1) * maxParallelism - 1) / parallelism;
        return new KeyGroupRange(start, end);
    }

    /** The subtask that owns a key group. */
    public static int subtaskOf(int keyGroup, int maxParallelism, int parallelism) {
        return keyGroup * parallelism / maxParallelism;
    }

    /**
     * Checks a number of key groups.
     *
     * @throws IllegalArgumentException unless it is one that Flink allows
     */
    public static void checkMaxParallelism(int maxParallelism) {
        if (maxParallelism < 1 || maxParallelism > MAX_KEY_GROUPS) {
            throw new IllegalArgumentException(
                    "the number of key groups is 1 to " + MAX_KEY_GROUPS + ", got " + maxParallelism);
        }
    }

    /** One round of MurmurHash3 over four bytes, folded to a non-negative int: Flink's {@code MathUtils.murmurHash}. */
    private static int murmur(int code) {
        int hash = code * 0xcc9e2d51;
        hash = Integer.rotateLeft(hash, 15) * 0x1b873593;
        hash = Integer.rotateLeft(hash, 13) * 5 + 0xe6546b64;
        hash ^= Integer.BYTES;
        hash ^= hash >>> 16;
        hash *= 0x85ebca6b;
        hash ^= hash >>> 13;
        hash *= 0xc2b2ae35;
        hash ^= hash >>> 16;
        if (hash >= 0) {
            return hash;
        }
        return hash == Integer.MIN_VALUE ? 0 : -hash;
    }
}
