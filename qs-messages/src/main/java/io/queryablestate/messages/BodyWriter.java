package io.queryablestate.messages;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/** Writes frames whose size is only known once the body is written. Not for the request path. */
final class BodyWriter {

    private BodyWriter() {}

    static void write(ByteBuf out, MessageType type, long requestId, Consumer<ByteBuf> body) {
        write(out, type, 0, requestId, body);
    }

    static void write(ByteBuf out, MessageType type, int flags, long requestId, Consumer<ByteBuf> body) {
        int frame = out.writerIndex();
        Frames.writeHeader(out, type, flags, requestId, 0);
        try {
            body.accept(out);
        } catch (RuntimeException e) {
            out.writerIndex(frame);
            throw e;
        }
        out.setInt(frame, out.writerIndex() - frame - Integer.BYTES);
    }
}
