package io.queryablestate.messages;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * A failed request: {@code int16 code, UTF-8 text} to the end of the frame, and whether the sender has given up.
 *
 * @param code why
 * @param text for people, at most {@link Frames#MAX_FAILURE_TEXT_BYTES} bytes on the wire; longer texts are cut there
 * @param isFinal whether somebody has retried and given up ({@link Frames#FLAG_FINAL})
 */
public record Failure(ErrorCode code, String text, boolean isFinal) {

    /** A failure on which the receiver may act as its code says. */
    public Failure(ErrorCode code, String text) {
        this(code, text, false);
    }

    /** What another hop said, or what went wrong here, as a failure that can be sent on. */
    public static Failure of(QueryableStateException error) {
        return new Failure(error.code(), error.text(), error.isFinal());
    }

    /** The same failure, flagged final. */
    public Failure asFinal() {
        return isFinal ? this : new Failure(code, text, true);
    }

    /** Writes a version-2 frame. */
    public void encode(ByteBuf out, long requestId) {
        byte[] bytes = WireText.truncated(text, Frames.MAX_FAILURE_TEXT_BYTES);
        int flags = isFinal ? Frames.FLAG_FINAL : 0;
        Frames.writeHeader(out, MessageType.FAILURE, flags, requestId, Short.BYTES + bytes.length);
        out.writeShort(code.number());
        out.writeBytes(bytes);
    }

    /**
     * Reads a version-2 frame.
     *
     * @param frame index of the frame's length word
     * @param frameEnd index after the frame's last byte
     * @throws QueryableStateException {@code BAD_REQUEST} if it is shorter than a failure or its text longer than allowed
     */
    public static Failure decode(ByteBuf in, int frame, int frameEnd) {
        int body = frame + Frames.BODY_OFFSET;
        Frames.checkPresent("a failure", Short.BYTES, body, frameEnd);
        int textLength = frameEnd - body - Short.BYTES;
        Frames.checkField("a failure text", textLength, body + Short.BYTES, frameEnd, Frames.MAX_FAILURE_TEXT_BYTES);
        ErrorCode code = ErrorCode.ofNumber(in.getUnsignedShort(body));
        String text = in.toString(body + Short.BYTES, textLength, StandardCharsets.UTF_8);
        return new Failure(code, text, (Frames.flags(in, frame) & Frames.FLAG_FINAL) != 0);
    }
}
