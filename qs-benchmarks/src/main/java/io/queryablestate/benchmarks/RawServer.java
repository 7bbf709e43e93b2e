package io.queryablestate.benchmarks;

import io.netty.buffer.ByteBuf;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.KvStateResultCodec;

/** Answers with values out of an array. */
final class RawServer extends RawFrames {

    /** A value goes with its length, as a byte array does when it is serialized. */
    static final int VALUE_OFFSET = KvStateResultCodec.HEADER_BYTES + Integer.BYTES;

    private final RawOutput out;
    private final HeldValues values;

    RawServer(RawOutput out, HeldValues values) {
        this.out = out;
        this.values = values;
    }

    @Override
    void frame(ByteBuf in, int offset, int bytes) {
        byte[] value = values.of(in.getLong(offset + Frames.BODY_OFFSET));
        out.room(VALUE_OFFSET + value.length)
                .writeInt(VALUE_OFFSET - Integer.BYTES + value.length)
                .writeZero(VALUE_OFFSET - Integer.BYTES)
                .writeBytes(value);
    }

    @Override
    void longFrame(ByteBuf in, int offset, int arrived, int bytes) {
        throw new IllegalStateException("a request of " + bytes + " bytes");
    }

    @Override
    void part(ByteBuf in, int offset, int bytes) {
        throw new IllegalStateException("a part of a request");
    }

    @Override
    void endOfBatch() {
        out.flush();
    }
}
