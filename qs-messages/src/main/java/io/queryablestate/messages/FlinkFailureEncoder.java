package io.queryablestate.messages;

import io.netty.buffer.ByteBuf;

/**
 * Writes failures for a version-1 peer, which expects a Java-serialized {@code Throwable}. The bytes are written here,
 * from constants and one message; nothing is serialized, and no class of Flink is needed.
 *
 * <p>Flink's proxy acts on two classes (it looks the location up again) and Flink's users catch the third:
 *
 * <ul>
 *   <li>an absent key is an {@code UnknownKeyOrNamespaceException};
 *   <li>{@link ErrorCode#UNKNOWN_KV_STATE_ID} and {@link ErrorCode#WRONG_KEY_GROUP} are an {@code
 *       UnknownKvStateIdException};
 *   <li>{@link ErrorCode#NO_SERVER_FOR_KEY_GROUP} is an {@code UnknownKvStateKeyGroupLocationException};
 *   <li>every other code is a {@code RuntimeException} whose message starts with the simple name of the exception that
 *       Flink would have printed there, such as {@code UnknownKvStateLocation}, or else with the code's name.
 * </ul>
 *
 * <p>Messages of bad requests name the server as Flink's do, {@code <server name> : <text>}. A message is cut to
 * {@link Frames#MAX_FAILURE_TEXT_BYTES} bytes. That a failure is final cannot be said in version 1.
 *
 * <p>Immutable; any thread.
 */
public final class FlinkFailureEncoder {

    private static final int SERVER_FAILURE_HEADER_BYTES = 2 * Integer.BYTES;

    private final String serverName;
    private final byte[] absentKey;

    /**
     * An encoder for one server.
     *
     * @param serverName the name that bad requests mention; Flink's are {@code Queryable State Proxy Server} and {@code
     *     Queryable State Server}
     */
    public FlinkFailureEncoder(String serverName) {
        this.serverName = serverName;
        this.absentKey = cut(serverName + " : No state for the specified key/namespace.");
    }

    /** Writes a frame of type 2: the state has no value for the key. */
    public void encodeAbsentKey(ByteBuf out, long requestId) {
        encode(out, requestId, FlinkThrowable.UNKNOWN_KEY_OR_NAMESPACE, absentKey);
    }

    /** Writes a frame of type 2: the request failed. */
    public void encodeRequestFailure(ByteBuf out, long requestId, Failure failure) {
        encode(out, requestId, throwableOf(failure.code()), message(failure));
    }

    /**
     * Writes a frame of type 3, which names no request: Flink's client closes the connection on it and fails every
     * request in flight, so it is for a peer whose request id could not be read.
     */
    public void encodeServerFailure(ByteBuf out, Failure failure) {
        FlinkThrowable throwable = throwableOf(failure.code());
        byte[] message = message(failure);
        out.writeInt(SERVER_FAILURE_HEADER_BYTES + throwable.size(message));
        out.writeInt(Frames.VERSION_1);
        out.writeInt(Frames.V1_SERVER_FAILURE);
        throwable.write(out, message);
    }

    private static void encode(ByteBuf out, long requestId, FlinkThrowable throwable, byte[] message) {
        Frames.writeVersion1Header(out, Frames.V1_REQUEST_FAILURE, requestId, throwable.size(message));
        throwable.write(out, message);
    }

    private byte[] message(Failure failure) {
        String named = serverName + " : " + failure.text();
        if (throwableOf(failure.code()) != FlinkThrowable.RUNTIME_EXCEPTION) {
            return cut(named);
        }
        String text = failure.code() == ErrorCode.BAD_REQUEST ? named : failure.text();
        return cut(FlinkNames.nameOf(failure.code()) + ": " + text);
    }

    private static FlinkThrowable throwableOf(ErrorCode code) {
        return switch (code) {
            case UNKNOWN_KV_STATE_ID, WRONG_KEY_GROUP -> FlinkThrowable.UNKNOWN_KV_STATE_ID;
            case NO_SERVER_FOR_KEY_GROUP -> FlinkThrowable.UNKNOWN_KEY_GROUP_LOCATION;
            default -> FlinkThrowable.RUNTIME_EXCEPTION;
        };
    }

    private static byte[] cut(String message) {
        return ModifiedUtf8.truncated(message, Frames.MAX_FAILURE_TEXT_BYTES);
    }
}
