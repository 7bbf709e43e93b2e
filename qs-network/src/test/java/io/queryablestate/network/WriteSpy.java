package io.queryablestate.network;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** Stands between a handler and its channel: counts what is handed over, and can be a peer that does not read. */
final class WriteSpy extends ChannelOutboundHandlerAdapter {

    int writes;
    int flushes;
    long bytes;
    int largestWrite;
    /** The most bytes that waited for the channel when it was written to. */
    long mostQueued;

    private final BufferBudget queued;
    private boolean held;
    private @Nullable Throwable refusal;

    WriteSpy(BufferBudget queued) {
        this.queued = queued;
    }

    /** From now on the channel drops pieces of payloads, as one does that has no memory for its copy of them. */
    void refuse(Throwable why) {
        refusal = why;
    }

    /** From now on the channel takes nothing off its outbound buffer. */
    void hold() {
        held = true;
    }

    /** The peer reads again, which the channel sees with the next flush. */
    void letGo() {
        held = false;
    }

    /** The peer reads again, and the channel sees it at once. */
    void letGo(ChannelHandlerContext ctx) {
        letGo();
        ctx.flush();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        int size = ((ByteBuf) msg).readableBytes();
        writes++;
        bytes += size;
        mostQueued = Math.max(mostQueued, queued.used());
        largestWrite = Math.max(largestWrite, size);
        Throwable why = refusal;
        if (why != null && size > FrameOutput.COPY_LIMIT) {
            ReferenceCountUtil.release(msg);
            promise.setFailure(why);
        } else {
            ctx.write(msg, promise);
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        flushes++;
        if (!held) {
            ctx.flush();
        }
    }
}
