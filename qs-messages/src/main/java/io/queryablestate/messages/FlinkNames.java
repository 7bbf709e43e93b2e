package io.queryablestate.messages;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names by which an error goes in the text of a version-1 failure: the simple name of the exception that Flink, its
 * Netty or the JDK throws in that place, or the name of our code where Flink has no such error.
 */
final class FlinkNames {

    private static final Map<String, ErrorCode> CODES = new HashMap<>();

    static {
        for (ErrorCode code : ErrorCode.values()) {
            CODES.put(code.name(), code);
            CODES.put(nameOf(code), code);
        }
        CODES.put("UnknownKvStateIdException", ErrorCode.UNKNOWN_KV_STATE_ID);
        CODES.put("UnknownKvStateKeyGroupLocationException", ErrorCode.NO_SERVER_FOR_KEY_GROUP);
        CODES.put("FlinkJobNotFoundException", ErrorCode.UNKNOWN_JOB);
        CODES.put("AskTimeoutException", ErrorCode.LOOKUP_TIMED_OUT);
        CODES.put("AnnotatedConnectException", ErrorCode.CONNECTION_REFUSED);
        CODES.put("NoRouteToHostException", ErrorCode.CONNECTION_REFUSED);
        CODES.put("UnknownHostException", ErrorCode.CONNECTION_REFUSED);
        CODES.put("UnresolvedAddressException", ErrorCode.CONNECTION_REFUSED);
        CODES.put("StacklessClosedChannelException", ErrorCode.CONNECTION_LOST);
        CODES.put("NativeIoException", ErrorCode.CONNECTION_LOST);
        CODES.put("SocketException", ErrorCode.CONNECTION_LOST);
    }

    private FlinkNames() {}

    static String nameOf(ErrorCode code) {
        return switch (code) {
            case LOCATION_UNKNOWN -> "UnknownKvStateLocation";
            case UNKNOWN_JOB -> "UnknownLocationException";
            case LOOKUP_TIMED_OUT -> "TimeoutException";
            case CONNECTION_REFUSED -> "ConnectException";
            case CONNECTION_LOST -> "ClosedChannelException";
            case HANDSHAKE_TIMEOUT -> "ConnectTimeoutException";
            case BAD_REQUEST -> "BadRequestException";
            default -> code.name();
        };
    }

    /** The code that goes by that name, or null. */
    static @Nullable ErrorCode codeOf(String simpleName) {
        return CODES.get(simpleName);
    }
}
