package io.queryablestate.messages;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * The text encoding of Java serialization: UTF-8, but with two bytes for the character 0 and two times three bytes for
 * a character outside the basic plane.
 */
final class ModifiedUtf8 {

    private static final char REPLACEMENT = '\ufffd';
    private static final int MAX_PAIR_BYTES = 6;

    private ModifiedUtf8() {}

    /** The longest prefix that fits into {@code limit} bytes without cutting a character. */
    static byte[] truncated(String text, int limit) {
        byte[] bytes = new byte[Math.min(limit, 3 * text.length())];
        int size = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int needed = Character.isHighSurrogate(c) ? MAX_PAIR_BYTES : encodedSize(c);
            if (size + needed > limit) {
                break;
            }
            size = put(bytes, size, c);
        }
        return Arrays.copyOf(bytes, size);
    }

    /** Reads {@code length} bytes that are present; a malformed or cut sequence becomes the replacement character. */
    static String decode(ByteBuf in, int offset, int length) {
        StringBuilder text = new StringBuilder(length);
        int end = offset + length;
        for (int at = offset; at < end; ) {
            int first = in.getUnsignedByte(at);
            int size = sequenceSize(first);
            if (size == 0 || size > end - at || !continues(in, at, size)) {
                text.append(REPLACEMENT);
                at++;
                continue;
            }
            text.append(character(in, at, size));
            at += size;
        }
        return text.toString();
    }

    private static int encodedSize(char c) {
        if (c != 0 && c < 0x80) {
            return 1;
        }
        return c < 0x800 ? 2 : 3;
    }

    private static int put(byte[] bytes, int size, char c) {
        int next = size;
        switch (encodedSize(c)) {
            case 1 -> bytes[next++] = (byte) c;
            case 2 -> {
                bytes[next++] = (byte) (0xc0 | (c >> 6));
                bytes[next++] = continuation(c);
            }
            default -> {
                bytes[next++] = (byte) (0xe0 | (c >> 12));
                bytes[next++] = continuation(c >> 6);
                bytes[next++] = continuation(c);
            }
        }
        return next;
    }

    private static byte continuation(int bits) {
        return (byte) (0x80 | (bits & 0x3f));
    }

    private static char character(ByteBuf in, int at, int size) {
        int first = in.getUnsignedByte(at);
        return switch (size) {
            case 1 -> (char) first;
            case 2 -> (char) (((first & 0x1f) << 6) | sixBits(in, at + 1));
            default -> (char) (((first & 0x0f) << 12) | (sixBits(in, at + 1) << 6) | sixBits(in, at + 2));
        };
    }

    private static int sixBits(ByteBuf in, int at) {
        return in.getByte(at) & 0x3f;
    }

    private static int sequenceSize(int first) {
        if (first < 0x80) {
            return 1;
        }
        if ((first & 0xe0) == 0xc0) {
            return 2;
        }
        return (first & 0xf0) == 0xe0 ? 3 : 0;
    }

    private static boolean continues(ByteBuf in, int at, int size) {
        for (int i = 1; i < size; i++) {
            if ((in.getByte(at + i) & 0xc0) != 0x80) {
                return false;
            }
        }
        return true;
    }
}
