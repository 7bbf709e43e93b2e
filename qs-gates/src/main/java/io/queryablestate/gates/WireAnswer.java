package io.queryablestate.gates;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.FlinkFailureDecoder;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.MessageType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a server has answered, off the wire.
 *
 * @param requestId that of the answer; 0 where it has none
 * @param isLastWord whether the server closes after it
 * @param failure why the request failed; null if it did not
 */
record WireAnswer(
        int version,
        long requestId,
        boolean isLastWord,
        @Nullable Failure failure) {

    static final int MAX_TEXT_BYTES = 256;

    private static final Pattern SECRET = Pattern.compile(
            "at [\\w.$]+\\([\\w.]+:\\d+\\)|\\.java|(?:[a-z]+\\.){2,}[A-Z]\\w+|/[a-z]+/|\\d+\\.\\d+\\.\\d+\\.\\d+");
    /** What Flink's clients need in a failure of version 1. */
    private static final List<String> FLINKS = List.of(
            "java.lang.", "org.apache.flink.queryablestate.", "java/lang/", "java/util/", "exceptions.", "network.");

    /**
     * Reads a frame and checks what it says.
     *
     * @param secrets told of what an answer must not tell
     */
    static WireAnswer of(byte[] bytes, Consumer<String> secrets) {
        ByteBuf frame = Unpooled.wrappedBuffer(bytes);
        return frame.getInt(Frames.VERSION_OFFSET) == Frames.VERSION_1
                ? ofVersion1(frame, bytes, secrets)
                : ofVersion2(frame, secrets);
    }

    private static WireAnswer ofVersion1(ByteBuf frame, byte[] bytes, Consumer<String> secrets) {
        int type = frame.getInt(Frames.TYPE_OFFSET);
        if (type == Frames.V1_RESULT) {
            return new WireAnswer(1, Frames.requestId(frame, 0), false, null);
        }
        boolean last = type == Frames.V1_SERVER_FAILURE;
        int body = last ? Frames.REQUEST_ID_OFFSET : Frames.BODY_OFFSET;
        Optional<Failure> failure = FlinkFailureDecoder.decode(frame, body, bytes.length);
        if (failure.isEmpty()) {
            secrets.accept("a failure of version 1 that cannot be read");
        }
        String rest = new String(bytes, StandardCharsets.ISO_8859_1);
        for (String name : FLINKS) {
            rest = rest.replace(name, "");
        }
        check(rest, secrets);
        failure.ifPresent(told -> check(told.text(), secrets));
        return new WireAnswer(1, last ? 0 : Frames.requestId(frame, 0), last, failure.orElse(null));
    }

    private static WireAnswer ofVersion2(ByteBuf frame, Consumer<String> secrets) {
        long id = Frames.requestId(frame, 0);
        if (frame.getUnsignedShort(Frames.TYPE_OFFSET) != MessageType.FAILURE.number()) {
            return new WireAnswer(2, id, false, null);
        }
        Failure failure = Failure.decode(frame, 0, frame.writerIndex());
        if (failure.text().getBytes(StandardCharsets.UTF_8).length > MAX_TEXT_BYTES) {
            secrets.accept("a text of " + failure.text().length() + " characters");
        }
        check(failure.text(), secrets);
        return new WireAnswer(2, id, id == 0, failure);
    }

    private static void check(String text, Consumer<String> secrets) {
        if (SECRET.matcher(text).find()) {
            secrets.accept("an error tells of the inside: " + text);
        }
    }

    /** For counting. */
    String outcome() {
        if (failure == null) {
            return "answered";
        }
        if (version == 1) {
            return isLastWord ? "last word of version 1" : "failure of version 1";
        }
        return "failure " + failure.code();
    }
}
