package io.queryablestate.benchmarks;

import io.netty.buffer.ByteBuf;

/** Passes each frame on to another channel of the same event loop. */
final class RawRelay extends RawFrames {

    private final RawOutput out;

    RawRelay(RawOutput out) {
        this.out = out;
    }

    @Override
    void frame(ByteBuf in, int offset, int bytes) {
        out.room(bytes).writeBytes(in, offset, bytes);
    }

    @Override
    void longFrame(ByteBuf in, int offset, int arrived, int bytes) {
        part(in, offset, arrived);
    }

    @Override
    void part(ByteBuf in, int offset, int bytes) {
        out.pass(in.retainedSlice(offset, bytes));
    }

    @Override
    void endOfBatch() {
        out.flush();
    }
}
