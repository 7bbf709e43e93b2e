package io.queryablestate.messages;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** A position in the bytes of a serialization stream, which never passes their end. For one parse, by one thread. */
final class SerializedBytes {

    private final ByteBuf in;
    private final int end;
    private int at;

    SerializedBytes(ByteBuf in, int offset, int end) {
        this.in = in;
        this.at = offset;
        this.end = end;
    }

    int position() {
        return at;
    }

    /** Goes back to where a tag was read. */
    void position(int earlier) {
        at = earlier;
    }

    int remaining() {
        return end - at;
    }

    int unsignedByte() {
        return in.getUnsignedByte(advance(Byte.BYTES));
    }

    int unsignedShort() {
        return in.getUnsignedShort(advance(Short.BYTES));
    }

    int intValue() {
        return in.getInt(advance(Integer.BYTES));
    }

    long longValue() {
        return in.getLong(advance(Long.BYTES));
    }

    /** Reads a name, which is refused beyond {@code limit} bytes. */
    String name(int limit) {
        int length = unsignedShort();
        Frames.checkField("a name", length, at, end, limit);
        return ModifiedUtf8.decode(in, advance(length), length);
    }

    /** Reads a name and tells whether it is {@code expected}, which is ASCII. */
    boolean nameIs(String expected) {
        int length = unsignedShort();
        int start = advance(length);
        return length == expected.length()
                && expected.contentEquals(in.getCharSequence(start, length, StandardCharsets.US_ASCII));
    }

    /** The text of the next {@code length} bytes, or as many of them as there are. */
    String text(long length, int limit) {
        return ModifiedUtf8.decode(in, at, (int) Math.min(length, Math.min(remaining(), limit)));
    }

    void skip(long bytes) {
        if (bytes < 0 || bytes > remaining()) {
            throw Frames.badRequest("a serialized failure with " + bytes + " bytes that are not there");
        }
        at += (int) bytes;
    }

    private int advance(int bytes) {
        int start = at;
        skip(bytes);
        return start;
    }
}
