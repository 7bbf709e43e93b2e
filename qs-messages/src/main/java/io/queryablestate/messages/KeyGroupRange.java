package io.queryablestate.messages;

/**
 * A range of key groups, both ends included.
 *
 * @param start the first key group, at least 0
 * @param end the last key group, at least {@code start}
 */
public record KeyGroupRange(int start, int end) {

    public KeyGroupRange {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("not a key-group range: " + start + " to " + end);
        }
    }

    /** Whether the key group lies in this range. */
    public boolean contains(int keyGroup) {
        return keyGroup >= start && keyGroup <= end;
    }

    /** Whether the two have a key group in common. */
    public boolean overlaps(KeyGroupRange other) {
        return start <= other.end && other.start <= end;
    }

    /** How many key groups this is. */
    public int size() {
        return end - start + 1;
    }

    @Override
    public String toString() {
        return start + "-" + end;
    }
}
