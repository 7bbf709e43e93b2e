package io.queryablestate.messages;

import io.netty.buffer.ByteBuf;

/**
 * The request of a proxy to a state server, in both versions.
 *
 * <pre>
 *            20            24           40          44
 * version 2  | budget (ms) | KvState id | key group | key and namespace …
 *            20           36       40
 * version 1  | KvState id | length | key and namespace
 * </pre>
 *
 * An id is its lower and then its upper eight bytes, as Flink writes it. Version 1 carries no key group, so a state
 * server cannot notice there that a key has come to the wrong range.
 *
 * <p>An instance is a view that {@link #decode} points at one frame after another; it holds numbers and offsets, no
 * buffer. It belongs to one thread.
 */
public final class KvStateInternalRequestCodec {

    /** Key group of a request that names none: every version-1 request. */
    public static final int NO_KEY_GROUP = -1;

    /** Length word and header of a version-2 frame: everything before the key and namespace. */
    public static final int HEADER_BYTES = Frames.BODY_OFFSET + 24;
    /** The same for version 1. */
    public static final int VERSION_1_HEADER_BYTES = Frames.BODY_OFFSET + 20;

    private int budgetMillis;
    private long idUpper;
    private long idLower;
    private int keyGroup;
    private int keyOffset;
    private int keyLength;

    /**
     * Points this view at a version-2 frame.
     *
     * @param frame index of the frame's length word
     * @param frameEnd index after the frame's last byte
     * @throws QueryableStateException {@code BAD_REQUEST} if a length does not fit the frame or its limit
     */
    public void decode(ByteBuf in, int frame, int frameEnd) {
        int body = frame + Frames.BODY_OFFSET;
        Frames.checkPresent("a KvState request", HEADER_BYTES - Frames.BODY_OFFSET, body, frameEnd);
        budgetMillis = Frames.checkedBudget(in.getInt(body));
        idLower = in.getLong(body + 4);
        idUpper = in.getLong(body + 12);
        keyGroup = in.getInt(body + 20);
        if (keyGroup < 0) {
            throw Frames.badRequest("key group " + keyGroup);
        }
        keyOffset = frame + HEADER_BYTES;
        keyLength = frameEnd - keyOffset;
        Frames.checkField("a key and namespace", keyLength, keyOffset, frameEnd, Frames.MAX_KEY_BYTES);
    }

    /** Points this view at a version-1 frame; otherwise as {@link #decode}. Junk after the body is refused. */
    public void decodeVersion1(ByteBuf in, int frame, int frameEnd) {
        int body = frame + Frames.BODY_OFFSET;
        Frames.checkPresent("a KvState request", VERSION_1_HEADER_BYTES - Frames.BODY_OFFSET, body, frameEnd);
        budgetMillis = KvStateRequestCodec.NO_BUDGET;
        keyGroup = NO_KEY_GROUP;
        idLower = in.getLong(body);
        idUpper = in.getLong(body + 8);
        keyLength = in.getInt(body + 16);
        keyOffset = frame + VERSION_1_HEADER_BYTES;
        Frames.checkField("a key and namespace", keyLength, keyOffset, frameEnd, Frames.MAX_KEY_BYTES);
        if (keyOffset + keyLength != frameEnd) {
            throw Frames.badRequest((frameEnd - keyOffset - keyLength) + " bytes after the key and namespace");
        }
    }

    /** Remaining time budget in milliseconds, or {@link KvStateRequestCodec#NO_BUDGET}. */
    public int budgetMillis() {
        return budgetMillis;
    }

    /** The id of the KvState. */
    public KvStateId kvStateId() {
        return new KvStateId(idUpper, idLower);
    }

    /** The key group of the key, or {@link #NO_KEY_GROUP}. */
    public int keyGroup() {
        return keyGroup;
    }

    /** Index of the first byte of the key and namespace. */
    public int keyOffset() {
        return keyOffset;
    }

    /** Length of the key and namespace in bytes. */
    public int keyLength() {
        return keyLength;
    }

    /**
     * Writes everything of a version-2 frame that stands before the key and namespace: {@link #HEADER_BYTES} bytes.
     *
     * @param budgetMillis how much time is left, in milliseconds, at least 1
     */
    public static void encodeHeader(
            ByteBuf out, long requestId, int budgetMillis, KvStateId id, int keyGroup, int keyLength) {
        int bodyBytes = HEADER_BYTES - Frames.BODY_OFFSET + keyLength;
        Frames.writeHeader(out, MessageType.KV_STATE_INTERNAL_REQUEST, 0, requestId, bodyBytes);
        out.writeInt(budgetMillis);
        out.writeLong(id.lower());
        out.writeLong(id.upper());
        out.writeInt(keyGroup);
    }

    /** The same for version 1: {@link #VERSION_1_HEADER_BYTES} bytes. */
    public static void encodeVersion1Header(ByteBuf out, long requestId, KvStateId id, int keyLength) {
        int bodyBytes = VERSION_1_HEADER_BYTES - Frames.BODY_OFFSET + keyLength;
        Frames.writeVersion1Header(out, Frames.V1_REQUEST, requestId, bodyBytes);
        out.writeLong(id.lower());
        out.writeLong(id.upper());
        out.writeInt(keyLength);
    }
}
