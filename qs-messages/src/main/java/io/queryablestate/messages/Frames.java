package io.queryablestate.messages;

import io.netty.buffer.ByteBuf;

/**
 * The layout that all frames share. Offsets count from the length word; numbers are big endian.
 *
 * <pre>
 *            0        4         8              12           20
 * version 2  | length | version | type | flags | request id | body …
 * version 1  | length | version | type         | request id | body …    (type 3 has no request id)
 * </pre>
 *
 * The length counts everything after itself.
 */
public final class Frames {

    /** Version word of version 1: the magic number of Flink's {@code MessageSerializer}. */
    public static final int VERSION_1 = 0x79a1b710;
    /** Version word of version 2: {@code QS}, 2. */
    public static final int VERSION_2 = 0x51530002;

    public static final int VERSION_OFFSET = 4;
    public static final int TYPE_OFFSET = 8;
    public static final int FLAGS_OFFSET = 10;
    public static final int REQUEST_ID_OFFSET = 12;
    public static final int BODY_OFFSET = 20;

    /**
     * Flag on any answer: the location by which the request came is out of date. On a location request: an earlier answer
     * is.
     */
    public static final int FLAG_LOCATION_STALE = 1;
    /** Flag on a failure: retries have been made and given up, make no more. */
    public static final int FLAG_FINAL = 1 << 1;
    /** Flag on an answer to a batch: more answers to the same request follow. */
    public static final int FLAG_MORE = 1 << 2;

    /** Version 1: a request. */
    public static final int V1_REQUEST = 0;
    /** Version 1: the result of a request. */
    public static final int V1_RESULT = 1;
    /** Version 1: a request failed. */
    public static final int V1_REQUEST_FAILURE = 2;
    /** Version 1: the server failed; the receiver gives up the connection. */
    public static final int V1_SERVER_FAILURE = 3;

    /** Longest state name, in UTF-8 bytes. */
    public static final int MAX_STATE_NAME_BYTES = 1024;
    /** Longest serialized key and namespace. */
    public static final int MAX_KEY_BYTES = 64 * 1024;
    /** Longest text of a failure, in UTF-8 bytes. */
    public static final int MAX_FAILURE_TEXT_BYTES = 256;

    private Frames() {}

    /** Writes length and header of a version-2 frame whose body of {@code bodyBytes} is to follow. */
    public static void writeHeader(ByteBuf out, MessageType type, int flags, long requestId, int bodyBytes) {
        out.writeInt(BODY_OFFSET - Integer.BYTES + bodyBytes);
        out.writeInt(VERSION_2);
        out.writeShort(type.number());
        out.writeShort(flags);
        out.writeLong(requestId);
    }

    /** Writes length and header of a version-1 frame whose body of {@code bodyBytes} is to follow. */
    public static void writeVersion1Header(ByteBuf out, int type, long requestId, int bodyBytes) {
        out.writeInt(BODY_OFFSET - Integer.BYTES + bodyBytes);
        out.writeInt(VERSION_1);
        out.writeInt(type);
        out.writeLong(requestId);
    }

    /** Writes a version-2 frame that has no body. */
    public static void writeEmpty(ByteBuf out, MessageType type, long requestId) {
        writeHeader(out, type, 0, requestId, 0);
    }

    /** The request id of a frame that starts at {@code frame}. */
    public static long requestId(ByteBuf in, int frame) {
        return in.getLong(frame + REQUEST_ID_OFFSET);
    }

    /** The flags of a version-2 frame that starts at {@code frame}. */
    public static int flags(ByteBuf in, int frame) {
        return in.getUnsignedShort(frame + FLAGS_OFFSET);
    }

    static QueryableStateException badRequest(String text) {
        return new QueryableStateException(ErrorCode.BAD_REQUEST, text);
    }

    /** Checks that a body field of {@code length} bytes at {@code offset} ends within the frame, and its limit. */
    static void checkField(String field, int length, int offset, int frameEnd, int limit) {
        if (length < 0 || length > frameEnd - offset) {
            throw badRequest(field + " of " + length + " bytes in a frame with " + (frameEnd - offset) + " left");
        }
        checkLimit(field, length, limit);
    }

    static void checkLimit(String field, int length, int limit) {
        if (length > limit) {
            throw badRequest(field + " of " + length + " bytes exceeds the limit of " + limit);
        }
    }

    /** Checks that a decoder has read a whole body; one that a later version may extend does not call it. */
    static void checkAllRead(String what, ByteBuf body) {
        if (body.isReadable()) {
            throw badRequest(body.readableBytes() + " bytes after " + what);
        }
    }

    /** Checks a time budget from the wire. */
    static int checkedBudget(int budgetMillis) {
        if (budgetMillis <= KvStateRequestCodec.NO_BUDGET) {
            throw badRequest("a time budget of " + budgetMillis + " ms");
        }
        return budgetMillis;
    }

    static void checkPresent(String what, int bytes, int offset, int frameEnd) {
        if (frameEnd - offset < bytes) {
            throw badRequest(what + " needs " + bytes + " bytes, the frame has " + Math.max(0, frameEnd - offset));
        }
    }
}
