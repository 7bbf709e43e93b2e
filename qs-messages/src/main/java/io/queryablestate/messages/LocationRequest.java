package io.queryablestate.messages;

import io.netty.buffer.ByteBuf;

/**
 * Where is this state? {@code int32 budget (ms), int64 job lower, int64 job upper, text state name}.
 *
 * @param budgetMillis how much time is left, in milliseconds, at least 1
 * @param jobId the job
 * @param stateName the name under which the state is queryable
 */
public record LocationRequest(int budgetMillis, JobId jobId, String stateName) {

    private static final int FIXED_BYTES = 20;

    /** Writes a frame. */
    public void encode(ByteBuf out, long requestId) {
        encode(out, 0, requestId);
    }

    /**
     * Writes a frame.
     *
     * @param flags {@link Frames#FLAG_LOCATION_STALE} if an earlier answer has proved out of date
     */
    public void encode(ByteBuf out, int flags, long requestId) {
        BodyWriter.write(out, MessageType.LOCATION_REQUEST, flags, requestId, body -> {
            body.writeInt(budgetMillis);
            body.writeLong(jobId.lower());
            body.writeLong(jobId.upper());
            WireText.write(body, "a state name", stateName, Frames.MAX_STATE_NAME_BYTES);
        });
    }

    /** Reads the body, all of {@code body}. */
    public static LocationRequest decode(ByteBuf body) {
        Frames.checkPresent("a location request", FIXED_BYTES, body.readerIndex(), body.writerIndex());
        int budgetMillis = Frames.checkedBudget(body.readInt());
        long lower = body.readLong();
        long upper = body.readLong();
        String name = WireText.read(body, "a state name", Frames.MAX_STATE_NAME_BYTES);
        Frames.checkAllRead("a location request", body);
        return new LocationRequest(budgetMillis, new JobId(upper, lower), name);
    }
}
