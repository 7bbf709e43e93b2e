package io.queryablestate.benchmarks;

import io.netty.buffer.ByteBuf;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.KvStateResultCodec;

/** Answers with values out of an array. */
final class RawServer extends RawFrames {

    /** A value goes with its length, as a byte array does when it is serialized. */
    static final int VALUE_OFFSET = KvStateResultCodec.HEADER_BYTES + Integer.BYTES;

    private static final int ANSWER_BYTES = VALUE_OFFSET + Workload.VALUE_BYTES;

    private final RawOutput out;
    private final byte[][] values;

    RawServer(RawOutput out, byte[][] values) {
        this.out = out;
        this.values = values;
    }

    @Override
    void frame(ByteBuf in, int offset, int bytes) {
        byte[] value = values[(int) in.getLong(offset + Frames.BODY_OFFSET)];
        out.room(ANSWER_BYTES)
                .writeInt(ANSWER_BYTES - Integer.BYTES)
                .writeZero(VALUE_OFFSET - Integer.BYTES)
                .writeBytes(value);
    }

    @Override
    void endOfBatch() {
        out.flush();
    }
}
