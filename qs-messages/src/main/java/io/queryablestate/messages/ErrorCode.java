package io.queryablestate.messages;

import static io.queryablestate.messages.Disposition.FAIL;
import static io.queryablestate.messages.Disposition.REFRESH_LOCATION;
import static io.queryablestate.messages.Disposition.RETRY_LATER;

/**
 * Why a request failed. The numbers are part of the wire format (docs/protocol.md) and never change; a number this
 * version does not know is read as {@link #STATE_FAILED}.
 */
public enum ErrorCode {
    /** The state server has no KvState of that id: it was unregistered, or never was here. */
    UNKNOWN_KV_STATE_ID(1, REFRESH_LOCATION),
    /** No state server is registered for the key group of the key. */
    NO_SERVER_FOR_KEY_GROUP(2, REFRESH_LOCATION),
    /** The KvState does not hold the key group of the key. */
    WRONG_KEY_GROUP(3, REFRESH_LOCATION),
    /** Nobody accepts connections at the address, or its name does not resolve. */
    CONNECTION_REFUSED(4, REFRESH_LOCATION),
    /** The connection ended while the request was under way. */
    CONNECTION_LOST(5, REFRESH_LOCATION),
    /** The peer accepted the connection and then stayed silent. */
    HANDSHAKE_TIMEOUT(6, REFRESH_LOCATION),

    /** A queue or a memory budget is full. */
    OVERLOADED(16, RETRY_LATER),
    /** The peer is draining and takes no new requests. */
    SHUTTING_DOWN(17, RETRY_LATER),
    /** The job is known, the state is not (yet): starting, failing over, or no such name. */
    LOCATION_UNKNOWN(18, RETRY_LATER),
    /** The location oracle did not answer in time. */
    LOOKUP_TIMED_OUT(19, RETRY_LATER),

    /** The request is malformed or of a kind that the peer does not know. */
    BAD_REQUEST(32, FAIL),
    /** The proxy knows no such job. */
    UNKNOWN_JOB(33, FAIL),
    /** The asker may not read this. */
    FORBIDDEN(34, FAIL),
    /** The key, namespace or value bytes do not fit the serializer. */
    SERIALIZER_MISMATCH(35, FAIL),
    /** Reading the state failed. */
    STATE_FAILED(36, FAIL),
    /** The time budget of the request ran out. */
    DEADLINE_EXCEEDED(37, FAIL),
    /** A frame or a value exceeds the limit. */
    FRAME_TOO_LARGE(38, FAIL),
    /** The peer's bytes are not of this protocol. */
    PROTOCOL_VIOLATION(39, FAIL),
    /** The client was closed. */
    CLIENT_CLOSED(40, FAIL),
    /** No TLS with the peer: only one of the two speaks it, or one does not accept the other's certificate. */
    TLS_FAILED(41, FAIL);

    private static final ErrorCode[] BY_NUMBER = new ErrorCode[42];

    static {
        for (ErrorCode code : values()) {
            BY_NUMBER[code.number] = code;
        }
    }

    private final int number;
    private final Disposition disposition;

    ErrorCode(int number, Disposition disposition) {
        this.number = number;
        this.disposition = disposition;
    }

    /** The number on the wire. */
    public int number() {
        return number;
    }

    /** What a hop does about it, unless the failure is flagged final. */
    public Disposition disposition() {
        return disposition;
    }

    /** The code of that number; {@link #STATE_FAILED} for a number from a later version. */
    public static ErrorCode ofNumber(int number) {
        if (number >= 0 && number < BY_NUMBER.length && BY_NUMBER[number] != null) {
            return BY_NUMBER[number];
        }
        return STATE_FAILED;
    }
}
