package io.queryablestate.client.serialization;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Flink's {@code StringValue} format: the number of UTF-16 units plus one (0 is null), then the units. Each number is
 * written in groups of seven bits, the lowest first, with the high bit set on all groups but the last.
 */
final class StringSerializer implements KeySerializer<String> {

    private static final int CONTINUED = 0x80;
    private static final int GROUP_BITS = 7;
    private static final int GROUP_MASK = 0x7f;
    private static final int MAX_LENGTH_BYTES = 5;
    private static final int MAX_CHAR_BYTES = 3;
    private static final int CHUNK_CHARS = 1024;

    @Override
    public void serialize(@Nullable String value, DataOutput out) throws IOException {
        if (value == null) {
            out.write(0);
            return;
        }
        int length = value.length();
        byte[] chunk = new byte[MAX_LENGTH_BYTES + MAX_CHAR_BYTES * Math.min(length, CHUNK_CHARS)];
        int used = put(chunk, 0, Math.addExact(length, 1));
        for (int i = 0; i < length; i++) {
            if (used > chunk.length - MAX_CHAR_BYTES) {
                out.write(chunk, 0, used);
                used = 0;
            }
            used = put(chunk, used, value.charAt(i));
        }
        out.write(chunk, 0, used);
    }

    @Override
    public @Nullable String deserialize(DataInput in) throws IOException {
        int lengthPlusOne = read(in, MAX_LENGTH_BYTES, Integer.MAX_VALUE, "a string length");
        if (lengthPlusOne == 0) {
            return null;
        }
        int length = lengthPlusOne - 1;
        BoundedReads.checkSize(in, length, Byte.BYTES, "a string");
        if (in instanceof BytesInput bytes) {
            String ascii = bytes.readAscii(length);
            if (ascii != null) {
                return ascii;
            }
        }
        char[] chars = new char[BoundedReads.initialCapacity(length)];
        for (int i = 0; i < length; i++) {
            if (i == chars.length) {
                chars = Arrays.copyOf(chars, (int) Math.min(length, 2L * i));
            }
            chars[i] = (char) read(in, MAX_CHAR_BYTES, Character.MAX_VALUE, "a character");
        }
        return new String(chars, 0, length);
    }

    @Override
    public String typeName() {
        return "string";
    }

    @Override
    public int keyHashCode(String key) {
        return key.hashCode();
    }

    private static int put(byte[] target, int index, int number) {
        int next = index;
        int rest = number;
        while (rest >= CONTINUED) {
            target[next++] = (byte) (rest | CONTINUED);
            rest >>>= GROUP_BITS;
        }
        target[next++] = (byte) rest;
        return next;
    }

    /** Reads a number that is at most {@code max} and not written longer than it needs to be. */
    private static int read(DataInput in, int maxBytes, int max, String what) throws IOException {
        int group = in.readUnsignedByte();
        long number = group & GROUP_MASK;
        int count = 1;
        while (group >= CONTINUED) {
            if (count == maxBytes) {
                throw new IOException(what + " takes at most " + maxBytes + " bytes, got more");
            }
            group = in.readUnsignedByte();
            number |= (long) (group & GROUP_MASK) << (GROUP_BITS * count);
            count++;
        }
        if (number > max) {
            throw new IOException(what + " is at most " + max + ", got " + number);
        }
        if (group == 0 && count > 1) {
            throw new IOException(what + " of " + number + " in " + count + " bytes, it needs fewer");
        }
        return (int) number;
    }
}
