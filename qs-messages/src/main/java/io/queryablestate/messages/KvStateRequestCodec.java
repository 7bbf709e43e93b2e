package io.queryablestate.messages;

import io.netty.buffer.ByteBuf;

/**
 * The request of a client to a proxy, in both versions.
 *
 * <pre>
 *            20            24      40         44            46
 * version 2  | budget (ms) | job   | key hash | name length | name | key and namespace …
 *            20            36            40
 * version 1  | job         | name length | name | key hash | length | key and namespace
 * </pre>
 *
 * A job is its lower and then its upper eight bytes, as Flink writes it. In version 2 the key and namespace are the rest
 * of the frame, and what stands before them is never shorter than the header of a {@link KvStateInternalRequestCodec}:
 * a proxy forwards the request by writing that header over this one.
 *
 * <p>An instance is a view that {@link #decode} points at one frame after another; it holds numbers and offsets, no
 * buffer. It belongs to one thread.
 */
public final class KvStateRequestCodec implements RequestedState {

    /** Budget of a request that names none: every version-1 request. */
    public static final int NO_BUDGET = 0;

    private static final int V2_JOB = Frames.BODY_OFFSET + 4;
    private static final int V2_KEY_HASH = V2_JOB + 16;
    private static final int V2_NAME_LENGTH = V2_KEY_HASH + 4;
    private static final int V2_NAME = V2_NAME_LENGTH + 2;
    private static final int V1_NAME_LENGTH = Frames.BODY_OFFSET + 16;
    private static final int V1_NAME = V1_NAME_LENGTH + 4;
    private static final int V1_AFTER_NAME = 8;

    private int budgetMillis;
    private long jobUpper;
    private long jobLower;
    private int keyHashCode;
    private int nameOffset;
    private int nameLength;
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
        Frames.checkPresent("a KvState request", V2_NAME - Frames.BODY_OFFSET, frame + Frames.BODY_OFFSET, frameEnd);
        budgetMillis = Frames.checkedBudget(in.getInt(frame + Frames.BODY_OFFSET));
        jobLower = in.getLong(frame + V2_JOB);
        jobUpper = in.getLong(frame + V2_JOB + 8);
        keyHashCode = in.getInt(frame + V2_KEY_HASH);
        nameLength = in.getUnsignedShort(frame + V2_NAME_LENGTH);
        nameOffset = frame + V2_NAME;
        checkName(nameOffset, nameLength, frameEnd);
        keyOffset = nameOffset + nameLength;
        keyLength = frameEnd - keyOffset;
        Frames.checkField("a key and namespace", keyLength, keyOffset, frameEnd, Frames.MAX_KEY_BYTES);
    }

    /** Points this view at a version-1 frame; otherwise as {@link #decode}. Junk after the body is refused. */
    public void decodeVersion1(ByteBuf in, int frame, int frameEnd) {
        Frames.checkPresent("a KvState request", V1_NAME - Frames.BODY_OFFSET, frame + Frames.BODY_OFFSET, frameEnd);
        budgetMillis = NO_BUDGET;
        jobLower = in.getLong(frame + Frames.BODY_OFFSET);
        jobUpper = in.getLong(frame + Frames.BODY_OFFSET + 8);
        nameLength = in.getInt(frame + V1_NAME_LENGTH);
        nameOffset = frame + V1_NAME;
        checkName(nameOffset, nameLength, frameEnd);
        int afterName = nameOffset + nameLength;
        Frames.checkPresent("a key hash and length", V1_AFTER_NAME, afterName, frameEnd);
        keyHashCode = in.getInt(afterName);
        keyLength = in.getInt(afterName + 4);
        keyOffset = afterName + V1_AFTER_NAME;
        Frames.checkField("a key and namespace", keyLength, keyOffset, frameEnd, Frames.MAX_KEY_BYTES);
        if (keyOffset + keyLength != frameEnd) {
            throw Frames.badRequest((frameEnd - keyOffset - keyLength) + " bytes after the key and namespace");
        }
    }

    static void checkName(int nameOffset, int nameLength, int frameEnd) {
        Frames.checkField("a state name", nameLength, nameOffset, frameEnd, Frames.MAX_STATE_NAME_BYTES);
        if (nameLength == 0) {
            throw Frames.badRequest("an empty state name");
        }
    }

    static void checkName(byte[] stateName) {
        if (stateName.length == 0) {
            throw Frames.badRequest("an empty state name");
        }
        Frames.checkLimit("a state name", stateName.length, Frames.MAX_STATE_NAME_BYTES);
    }

    private static void checkLimits(byte[] stateName, byte[] keyAndNamespace) {
        checkName(stateName);
        Frames.checkLimit("a key and namespace", keyAndNamespace.length, Frames.MAX_KEY_BYTES);
    }

    /** Remaining time budget in milliseconds, or {@link #NO_BUDGET}. */
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

    /** The key's hash code, as {@link KeyGroups#of} takes it. */
    public int keyHashCode() {
        return keyHashCode;
    }

    @Override
    public int nameOffset() {
        return nameOffset;
    }

    @Override
    public int nameLength() {
        return nameLength;
    }

    /** Index of the first byte of the key and namespace. */
    public int keyOffset() {
        return keyOffset;
    }

    /** Length of the key and namespace in bytes. */
    public int keyLength() {
        return keyLength;
    }

    /** Bytes that {@link #encode} writes, length word included. */
    public static int encodedSize(byte[] stateName, byte[] keyAndNamespace) {
        return V2_NAME + stateName.length + keyAndNamespace.length;
    }

    /**
     * Writes a version-2 frame.
     *
     * @param budgetMillis how much time is left, in milliseconds, at least 1
     * @param stateName in UTF-8
     * @throws QueryableStateException {@code BAD_REQUEST} if no peer would accept the name or the key; nothing is
     *     written then
     */
    public static void encode(
            ByteBuf out,
            long requestId,
            int budgetMillis,
            JobId jobId,
            byte[] stateName,
            int keyHashCode,
            byte[] keyAndNamespace) {
        checkLimits(stateName, keyAndNamespace);
        int bodyBytes = encodedSize(stateName, keyAndNamespace) - Frames.BODY_OFFSET;
        Frames.writeHeader(out, MessageType.KV_STATE_REQUEST, 0, requestId, bodyBytes);
        out.writeInt(budgetMillis);
        out.writeLong(jobId.lower());
        out.writeLong(jobId.upper());
        out.writeInt(keyHashCode);
        out.writeShort(stateName.length);
        out.writeBytes(stateName);
        out.writeBytes(keyAndNamespace);
    }

    /** Bytes that {@link #encodeVersion1} writes, length word included. */
    public static int encodedSizeVersion1(byte[] stateName, byte[] keyAndNamespace) {
        return V1_NAME + stateName.length + V1_AFTER_NAME + keyAndNamespace.length;
    }

    /** Writes a version-1 frame; the parameters are those of {@link #encode}. */
    public static void encodeVersion1(
            ByteBuf out, long requestId, JobId jobId, byte[] stateName, int keyHashCode, byte[] keyAndNamespace) {
        checkLimits(stateName, keyAndNamespace);
        int bodyBytes = encodedSizeVersion1(stateName, keyAndNamespace) - Frames.BODY_OFFSET;
        Frames.writeVersion1Header(out, Frames.V1_REQUEST, requestId, bodyBytes);
        out.writeLong(jobId.lower());
        out.writeLong(jobId.upper());
        out.writeInt(stateName.length);
        out.writeBytes(stateName);
        out.writeInt(keyHashCode);
        out.writeInt(keyAndNamespace.length);
        out.writeBytes(keyAndNamespace);
    }
}
