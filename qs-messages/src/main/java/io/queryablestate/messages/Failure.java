package io.queryablestate.messages;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * A failed request: {@code uint16 code, uint16 pause, UTF-8 text} to the end of the frame, and whether the sender has given
 * up.
 *
 * @param code why
 * @param text for people, at most {@link Frames#MAX_FAILURE_TEXT_BYTES} bytes on the wire; longer texts are cut there
 * @param isFinal whether somebody has retried and given up ({@link Frames#FLAG_FINAL})
 * @param pauseMillis for how long the asker should not come back, in milliseconds, at most 65,535; 0 if that is not said
 */
public record Failure(ErrorCode code, String text, boolean isFinal, int pauseMillis) {

    private static final int HEAD_BYTES = 2 * Short.BYTES;
    private static final int MAX_PAUSE_MILLIS = 0xffff;

    public Failure {
        if (pauseMillis < 0 || pauseMillis > MAX_PAUSE_MILLIS) {
            throw new IllegalArgumentException("a pause is 0 to " + MAX_PAUSE_MILLIS + " ms, got " + pauseMillis);
        }
    }

    /** A failure that does not say when to come back. */
    public Failure(ErrorCode code, String text, boolean isFinal) {
        this(code, text, isFinal, 0);
    }

    /** A failure on which the receiver may act as its code says. */
    public Failure(ErrorCode code, String text) {
        this(code, text, false, 0);
    }

    /** What another hop said, or what went wrong here, as a failure that can be sent on. */
    public static Failure of(QueryableStateException error) {
        return new Failure(error.code(), error.text(), error.isFinal());
    }

    /** The same failure, flagged final. */
    public Failure asFinal() {
        return isFinal ? this : new Failure(code, text, true, pauseMillis);
    }

    /** The same failure in other words. */
    public Failure withText(String otherText) {
        return new Failure(code, otherText, isFinal, pauseMillis);
    }

    /** The same failure, saying when to come back. */
    public Failure withPause(int millis) {
        return new Failure(code, text, isFinal, millis);
    }

    /** Writes a version-2 frame. */
    public void encode(ByteBuf out, long requestId) {
        byte[] bytes = WireText.truncated(text, Frames.MAX_FAILURE_TEXT_BYTES);
        int flags = isFinal ? Frames.FLAG_FINAL : 0;
        Frames.writeHeader(out, MessageType.FAILURE, flags, requestId, HEAD_BYTES + bytes.length);
        out.writeShort(code.number());
        out.writeShort(pauseMillis);
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
        Frames.checkPresent("a failure", HEAD_BYTES, body, frameEnd);
        int textLength = frameEnd - body - HEAD_BYTES;
        Frames.checkField("a failure text", textLength, body + HEAD_BYTES, frameEnd, Frames.MAX_FAILURE_TEXT_BYTES);
        ErrorCode code = ErrorCode.ofNumber(in.getUnsignedShort(body));
        int pauseMillis = in.getUnsignedShort(body + Short.BYTES);
        String text = in.toString(body + HEAD_BYTES, textLength, StandardCharsets.UTF_8);
        return new Failure(code, text, (Frames.flags(in, frame) & Frames.FLAG_FINAL) != 0, pauseMillis);
    }
}
