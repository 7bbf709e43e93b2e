package io.queryablestate.messages;

import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * Reads the failures of a version-1 peer: Flink's own servers and those of this project.
 *
 * <p>The peer's bytes are a Java-serialized {@code Throwable}. They are never deserialized: no class is looked up and no
 * object of the stream is created, {@link ThrowableSkimmer} only finds the outermost class name and message. What they
 * mean:
 *
 * <ul>
 *   <li>Flink's {@code UnknownKeyOrNamespaceException}: the key is absent. Only this class says so, never a text;
 *   <li>its {@code UnknownKvStateIdException} and {@code UnknownKvStateKeyGroupLocationException}: {@link
 *       ErrorCode#UNKNOWN_KV_STATE_ID} and {@link ErrorCode#NO_SERVER_FOR_KEY_GROUP};
 *   <li>its {@code BadRequestException}: {@link ErrorCode#BAD_REQUEST};
 *   <li>any other class: Flink has printed the real failure into the message, and the first exception name that is known
 *       there decides, such as {@code UnknownKvStateLocation}, {@code FlinkJobNotFoundException} or {@code
 *       ConnectException}. That is a reading of text for people and may miss; what is not recognised, or not a {@code
 *       Throwable} at all, is {@link ErrorCode#STATE_FAILED}, which is not retried.
 * </ul>
 *
 * <p>The text of the failure is the peer's, one line of at most {@link Frames#MAX_FAILURE_TEXT_BYTES} bytes.
 */
public final class FlinkFailureDecoder {

    private FlinkFailureDecoder() {}

    /**
     * Reads the serialized object of a frame of type 2 or 3; it never throws, whatever the bytes are. Any thread; the
     * buffer's indices stay as they are.
     *
     * @param offset index of its first byte: after the request id in type 2, after the type in type 3
     * @param frameEnd index after the frame's last byte
     * @return why it failed; empty if it says that the key is absent
     */
    public static Optional<Failure> decode(ByteBuf in, int offset, int frameEnd) {
        SkimmedThrowable throwable = ThrowableSkimmer.skim(in, offset, Math.min(frameEnd, in.writerIndex()));
        if (throwable == null) {
            return Optional.of(new Failure(ErrorCode.STATE_FAILED, "a failure that is not readable"));
        }
        String className = throwable.className();
        if (className.equals(FlinkThrowable.UNKNOWN_KEY_OR_NAMESPACE.className())) {
            return Optional.empty();
        }
        if (className.equals(FlinkThrowable.UNKNOWN_KV_STATE_ID.className())) {
            return Optional.of(failure(ErrorCode.UNKNOWN_KV_STATE_ID, throwable));
        }
        if (className.equals(FlinkThrowable.UNKNOWN_KEY_GROUP_LOCATION.className())) {
            return Optional.of(failure(ErrorCode.NO_SERVER_FOR_KEY_GROUP, throwable));
        }
        if (className.equals(FlinkThrowable.BAD_REQUEST_EXCEPTION)) {
            return Optional.of(failure(ErrorCode.BAD_REQUEST, throwable));
        }
        return Optional.of(PrintedThrowable.toFailure(throwable.toString()));
    }

    private static Failure failure(ErrorCode code, SkimmedThrowable throwable) {
        String message = throwable.message();
        return new Failure(code, message == null ? code.name() : PrintedThrowable.firstLine(message, 0));
    }
}
