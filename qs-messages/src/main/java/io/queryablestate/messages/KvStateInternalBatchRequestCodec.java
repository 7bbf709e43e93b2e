package io.queryablestate.messages;

import io.netty.buffer.ByteBuf;

/**
 * The request to a state server for several keys of one KvState; version 2 only.
 *
 * <pre>
 *   20            24          40
 *   | budget (ms) | KvState id | keys …
 * </pre>
 *
 * The keys are {@link BatchKeys}, to the end of the frame. An instance is a view that {@link #decode} points at one frame
 * after another; it belongs to one thread.
 */
public final class KvStateInternalBatchRequestCodec {

    /** Everything before the keys. */
    public static final int HEADER_BYTES = Frames.BODY_OFFSET + 20;

    private int budgetMillis;
    private long idUpper;
    private long idLower;

    /**
     * Points this view at a frame.
     *
     * @param frame index of the frame's length word
     * @param frameEnd index after the frame's last byte
     * @return the keys
     * @throws QueryableStateException {@code BAD_REQUEST} if a length does not fit the frame or its limit, or the keys
     *     are not a batch
     */
    public BatchKeys decode(ByteBuf in, int frame, int frameEnd) {
        int body = frame + Frames.BODY_OFFSET;
        Frames.checkPresent("a batch request", HEADER_BYTES - Frames.BODY_OFFSET, body, frameEnd);
        budgetMillis = Frames.checkedBudget(in.getInt(body));
        idLower = in.getLong(body + 4);
        idUpper = in.getLong(body + 12);
        return BatchKeys.decode(in, frame + HEADER_BYTES, frameEnd);
    }

    /** Remaining time budget in milliseconds. */
    public int budgetMillis() {
        return budgetMillis;
    }

    /** The id of the KvState. */
    public KvStateId kvStateId() {
        return new KvStateId(idUpper, idLower);
    }

    /**
     * Writes everything that stands before the keys: {@link #HEADER_BYTES} bytes.
     *
     * @param budgetMillis how much time is left, in milliseconds, at least 1
     * @param keysBytes how many bytes the keys will have
     */
    public static void encodeHeader(ByteBuf out, long requestId, int budgetMillis, KvStateId id, int keysBytes) {
        int bodyBytes = HEADER_BYTES - Frames.BODY_OFFSET + keysBytes;
        Frames.writeHeader(out, MessageType.KV_STATE_INTERNAL_BATCH_REQUEST, 0, requestId, bodyBytes);
        out.writeInt(budgetMillis);
        out.writeLong(id.lower());
        out.writeLong(id.upper());
    }
}
