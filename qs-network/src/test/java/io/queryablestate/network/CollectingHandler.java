package io.queryablestate.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.queryablestate.messages.QueryableStateException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Keeps a copy of each frame it is handed, without the length word. */
final class CollectingHandler extends FrameHandler {

    final List<byte[]> frames = new ArrayList<>();
    /** What was left of those that were dropped. */
    final List<byte[]> dropped = new ArrayList<>();

    final List<QueryableStateException> broken = new ArrayList<>();
    /** Run after each frame; for what happens in the middle of a buffer. */
    Consumer<CollectingHandler> afterFrame = handler -> {};

    CollectingHandler(EventLoopContext context, int maxFrameBytes) {
        super(context, maxFrameBytes);
    }

    @Override
    protected void onFrame(ByteBuf in, int frame, int frameEnd) {
        frames.add(ByteBufUtil.getBytes(in, frame + Integer.BYTES, frameEnd - frame - Integer.BYTES));
        afterFrame.accept(this);
    }

    @Override
    protected void onDroppedFrame(ByteBuf head) {
        dropped.add(ByteBufUtil.getBytes(head));
    }

    @Override
    protected void onBrokenFraming(QueryableStateException reason) {
        broken.add(reason);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            ctx.fireExceptionCaught(cause);
        }
    }

    void pause() {
        pauseReading();
    }

    void resume() {
        resumeReading();
    }

    boolean isOverdue() {
        return isFrameOverdue(context().nanoTime());
    }
}
