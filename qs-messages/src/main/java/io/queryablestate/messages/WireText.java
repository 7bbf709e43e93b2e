package io.queryablestate.messages;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A text on the wire: {@code uint16 length, UTF-8 bytes}. Each field has its own limit, below the 65,535 of the length. */
final class WireText {

    private WireText() {}

    static void write(ByteBuf out, String field, String text, int limit) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Frames.checkLimit(field, bytes.length, limit);
        out.writeShort(bytes.length);
        out.writeBytes(bytes);
    }

    /** Reads from the buffer's reader index, which must not pass {@code in.writerIndex()}. */
    static String read(ByteBuf in, String field, int limit) {
        Frames.checkPresent("the length of " + field, Short.BYTES, in.readerIndex(), in.writerIndex());
        int length = in.readUnsignedShort();
        Frames.checkField(field, length, in.readerIndex(), in.writerIndex(), limit);
        return in.readCharSequence(length, StandardCharsets.UTF_8).toString();
    }

    /** The longest prefix that fits into {@code limit} UTF-8 bytes without cutting a character. */
    static byte[] truncated(String text, int limit) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= limit) {
            return bytes;
        }
        int end = limit;
        while (end > 0 && (bytes[end] & 0xc0) == 0x80) {
            end--;
        }
        return Arrays.copyOf(bytes, end);
    }
}
