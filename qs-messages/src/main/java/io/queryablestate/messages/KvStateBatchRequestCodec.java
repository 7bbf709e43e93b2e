package io.queryablestate.messages;

import io.netty.buffer.ByteBuf;

/**
 * The request of a client to a proxy for several keys of one state; version 2 only.
 *
 * <pre>
 *   20            24    40            42
 *   | budget (ms) | job | name length | name | keys …
 * </pre>
 *
 * The keys are {@link BatchKeys}, to the end of the frame. An instance is a view that {@link #decode} points at one frame
 * after another; it belongs to one thread.
 */
public final class KvStateBatchRequestCodec implements RequestedState {

    private static final int JOB = Frames.BODY_OFFSET + 4;
    private static final int NAME_LENGTH = JOB + 16;
    private static final int NAME = NAME_LENGTH + 2;

    private int budgetMillis;
    private long jobUpper;
    private long jobLower;
    private int nameOffset;
    private int nameLength;

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
        Frames.checkPresent("a batch request", NAME - Frames.BODY_OFFSET, frame + Frames.BODY_OFFSET, frameEnd);
        budgetMillis = Frames.checkedBudget(in.getInt(frame + Frames.BODY_OFFSET));
        jobLower = in.getLong(frame + JOB);
        jobUpper = in.getLong(frame + JOB + 8);
        nameLength = in.getUnsignedShort(frame + NAME_LENGTH);
        nameOffset = frame + NAME;
        KvStateRequestCodec.checkName(nameOffset, nameLength, frameEnd);
        return BatchKeys.decode(in, nameOffset + nameLength, frameEnd);
    }

    /** Remaining time budget in milliseconds. */
    public int budgetMillis() {
        return budgetMillis;
    }

    @Override
    public long jobUpper() {
        return jobUpper;
    }

    @Override
    public long jobLower() {
        return jobLower;
    }

    @Override
    public int nameOffset() {
        return nameOffset;
    }

    @Override
    public int nameLength() {
        return nameLength;
    }

    /** Bytes before the keys. */
    public static int headerBytes(byte[] stateName) {
        return NAME + stateName.length;
    }

    /**
     * Writes everything that stands before the keys.
     *
     * @param budgetMillis how much time is left, in milliseconds, at least 1
     * @param stateName in UTF-8
     * @param keysBytes how many bytes the keys will have
     * @throws QueryableStateException {@code BAD_REQUEST} if no peer would accept the name; nothing is written then
     */
    public static void encodeHeader(
            ByteBuf out, long requestId, int budgetMillis, JobId jobId, byte[] stateName, int keysBytes) {
        KvStateRequestCodec.checkName(stateName);
        int bodyBytes = headerBytes(stateName) - Frames.BODY_OFFSET + keysBytes;
        Frames.writeHeader(out, MessageType.KV_STATE_BATCH_REQUEST, 0, requestId, bodyBytes);
        out.writeInt(budgetMillis);
        out.writeLong(jobId.lower());
        out.writeLong(jobId.upper());
        out.writeShort(stateName.length);
        out.writeBytes(stateName);
    }
}
