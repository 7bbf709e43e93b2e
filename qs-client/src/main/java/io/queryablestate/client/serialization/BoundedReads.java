package io.queryablestate.client.serialization;

import java.io.DataInput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Reads whose size the bytes themselves name. Such a size is compared with the bytes that are left. Where that is not
 * known, because a serializer was given a stream of somebody else's, memory grows with what has in fact been read.
 */
final class BoundedReads {

    /** How much is allocated on the word of a size, in elements or bytes; the rest grows as it is read. */
    private static final int INITIAL_CAPACITY = 1024;

    private BoundedReads() {}

    static int initialCapacity(int size) {
        return Math.min(size, INITIAL_CAPACITY);
    }

    /** Checks the {@code size} of {@code what}, each part of which takes at least {@code bytesEach} bytes. */
    static void checkSize(DataInput in, int size, int bytesEach, String what) throws IOException {
        if (size < 0) {
            throw new IOException(what + " of negative size " + size);
        }
        if (in instanceof BytesInput bytes && (long) size * bytesEach > bytes.remaining()) {
            throw new IOException(what + " of size " + size + " needs " + bytesEach + " bytes each, "
                    + bytes.remaining() + " are left");
        }
    }

    /** Reads {@code length} bytes. */
    static byte[] readBytes(DataInput in, int length, String what) throws IOException {
        checkSize(in, length, Byte.BYTES, what);
        byte[] bytes = new byte[in instanceof BytesInput ? length : initialCapacity(length)];
        in.readFully(bytes);
        while (bytes.length < length) {
            int read = bytes.length;
            bytes = Arrays.copyOf(bytes, (int) Math.min(length, 2L * read));
            in.readFully(bytes, read, bytes.length - read);
        }
        return bytes;
    }

    /** Reads a byte that is 0 or 1; any other value was not written as a flag. */
    static boolean readFlag(DataInput in, String what) throws IOException {
        byte flag = in.readByte();
        if (flag != 0 && flag != 1) {
            throw new IOException(what + " is 0 or 1, got " + flag);
        }
        return flag == 1;
    }

    /** Reads a byte that must have the value {@code expected}. */
    static void readMarker(DataInput in, int expected, String what) throws IOException {
        byte marker = in.readByte();
        if (marker != expected) {
            throw new IOException(what + " is " + expected + ", got " + marker);
        }
    }
}
