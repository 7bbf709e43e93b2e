package io.queryablestate.messages;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * The keys of a batch, which fill the rest of the frame of both requests for one. Each is an entry:
 *
 * <pre>
 *   | number (2) | key hash or key group (4) | length (4) | key and namespace |
 * </pre>
 *
 * The asker numbers its keys from 0; answers name the number, in any order. A request to a proxy carries the key's hash, one
 * to a state server its key group, so that a proxy passes an entry on by changing that word.
 *
 * <p>An instance holds where the entries are, not their buffer. Immutable.
 */
public final class BatchKeys {

    /** The most keys of one request, and the bound of their numbers. */
    public static final int MAX_KEYS = 1000;

    private static final int HASH = 2;
    private static final int LENGTH = 6;
    private static final int KEY = 10;

    private final int[] numbers;
    /** Offset of the entry with each number; 0, where a frame has its length, for none. */
    private final int[] entries;

    private BatchKeys(int[] numbers, int[] entries) {
        this.numbers = numbers;
        this.entries = entries;
    }

    /**
     * Reads all entries.
     *
     * @throws QueryableStateException {@code BAD_REQUEST} if there is none, there are too many, a length does not fit the
     *     frame or its limit, or a number is too large or used twice
     */
    static BatchKeys decode(ByteBuf in, int offset, int frameEnd) {
        int[] numbers = new int[Math.min((frameEnd - offset) / KEY, MAX_KEYS)];
        int[] entries = new int[numbers.length];
        int count = 0;
        for (int entry = offset; entry < frameEnd; entry += KEY + in.getInt(entry + LENGTH)) {
            Frames.checkPresent("an entry of a batch", KEY, entry, frameEnd);
            Frames.checkField(
                    "a key and namespace", in.getInt(entry + LENGTH), entry + KEY, frameEnd, Frames.MAX_KEY_BYTES);
            if (count == MAX_KEYS) {
                throw Frames.badRequest("a batch of more than " + MAX_KEYS + " keys");
            }
            int number = in.getUnsignedShort(entry);
            if (number >= MAX_KEYS) {
                throw Frames.badRequest("key number " + number + ", expected less than " + MAX_KEYS);
            }
            if (number >= entries.length) {
                entries = Arrays.copyOf(entries, MAX_KEYS);
            }
            if (entries[number] != 0) {
                throw Frames.badRequest("key number " + number + " twice");
            }
            entries[number] = entry;
            numbers[count++] = number;
        }
        if (count == 0) {
            throw Frames.badRequest("a batch without keys");
        }
        return new BatchKeys(Arrays.copyOf(numbers, count), entries);
    }

    /** How many keys there are, at least 1. */
    public int size() {
        return numbers.length;
    }

    /** The numbers by which answers name the keys, in the order of the request; a copy. */
    public int[] numbers() {
        return numbers.clone();
    }

    /** Above every number. */
    public int numberBound() {
        return entries.length;
    }

    /** The hash of a key, in a request to a proxy. */
    public int keyHashCode(ByteBuf in, int number) {
        return in.getInt(entries[number] + HASH);
    }

    /**
     * The key group of a key, in a request to a state server.
     *
     * @throws QueryableStateException {@code BAD_REQUEST} if it is negative
     */
    public int keyGroup(ByteBuf in, int number) {
        int keyGroup = in.getInt(entries[number] + HASH);
        if (keyGroup < 0) {
            throw Frames.badRequest("key group " + keyGroup);
        }
        return keyGroup;
    }

    /** Index of the first byte of a key and namespace. */
    public int keyOffset(int number) {
        return entries[number] + KEY;
    }

    /** Length of a key and namespace. */
    public int keyLength(ByteBuf in, int number) {
        return in.getInt(entries[number] + LENGTH);
    }

    /** Bytes of an entry. */
    public static int encodedSize(int keyLength) {
        return KEY + keyLength;
    }

    /**
     * Writes an entry.
     *
     * @param hashOrGroup the key's hash for a proxy, its key group for a state server
     */
    public static void encode(ByteBuf out, int number, int hashOrGroup, byte[] keyAndNamespace) {
        out.writeShort(number);
        out.writeInt(hashOrGroup);
        out.writeInt(keyAndNamespace.length);
        out.writeBytes(keyAndNamespace);
    }

    /** Writes the entry of a key again, for a state server. */
    public void forward(ByteBuf in, int number, int keyGroup, ByteBuf out) {
        int entry = entries[number];
        out.writeShort(in.getShort(entry));
        out.writeInt(keyGroup);
        out.writeBytes(in, entry + LENGTH, KEY - LENGTH + in.getInt(entry + LENGTH));
    }
}
