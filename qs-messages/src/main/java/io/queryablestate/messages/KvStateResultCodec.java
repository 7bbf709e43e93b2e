package io.queryablestate.messages;

import io.netty.buffer.ByteBuf;

/**
 * The value of a key, in both versions.
 *
 * <pre>
 *            20       24
 * both       | length | value
 * </pre>
 *
 * The length repeats what the frame's length says; it is Flink's, and is kept in version 2 so that a proxy passes the
 * body on as it is.
 */
public final class KvStateResultCodec {

    /** Length word, header and length of the value: everything before the value. */
    public static final int HEADER_BYTES = Frames.BODY_OFFSET + Integer.BYTES;

    private KvStateResultCodec() {}

    /** Writes everything of a version-2 frame that stands before the value: {@link #HEADER_BYTES} bytes. */
    public static void encodeHeader(ByteBuf out, int flags, long requestId, int valueLength) {
        Frames.writeHeader(out, MessageType.RESULT, flags, requestId, Integer.BYTES + valueLength);
        out.writeInt(valueLength);
    }

    /** The same for version 1. */
    public static void encodeVersion1Header(ByteBuf out, long requestId, int valueLength) {
        Frames.writeVersion1Header(out, Frames.V1_RESULT, requestId, Integer.BYTES + valueLength);
        out.writeInt(valueLength);
    }

    /**
     * Checks a frame of either version; its value then goes from {@code frame + HEADER_BYTES} to {@code frameEnd}.
     *
     * @param frame index of the frame's length word
     * @param frameEnd index after the frame's last byte
     * @return the length of the value, 0 for an empty one
     * @throws QueryableStateException {@code BAD_REQUEST} unless the value fills the frame exactly
     */
    public static int decode(ByteBuf in, int frame, int frameEnd) {
        Frames.checkPresent("a result", Integer.BYTES, frame + Frames.BODY_OFFSET, frameEnd);
        int present = frameEnd - frame - HEADER_BYTES;
        int length = in.getInt(frame + Frames.BODY_OFFSET);
        if (length != present) {
            throw Frames.badRequest("a value of " + length + " bytes in a frame with " + present + " left");
        }
        return length;
    }
}
