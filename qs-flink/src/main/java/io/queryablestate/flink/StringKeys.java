package io.queryablestate.flink;

/**
 * Flink's strings, which start with their number of characters plus one, seven bits a byte, the lowest first, and take at
 * least one byte for each character. Flink makes room for as many characters as the number says before it looks for them,
 * so a peer's four bytes could take a gigabyte of the task manager's memory.
 */
final class StringKeys {

    private static final int MAX_LENGTH_BYTES = 5;

    private StringKeys() {}

    /** Whether the characters that a string announces can be there. */
    static boolean canBeComplete(byte[] bytes) {
        long announced = 0;
        for (int i = 0; i < Math.min(MAX_LENGTH_BYTES, bytes.length); i++) {
            announced |= (long) (bytes[i] & 0x7f) << (7 * i);
            if (bytes[i] >= 0) {
                return announced - 1 <= bytes.length - (i + 1);
            }
        }
        return false;
    }
}
