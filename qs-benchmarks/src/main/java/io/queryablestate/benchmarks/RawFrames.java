package io.queryablestate.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Finds frames by their length words in what is read, whole ones only, and nothing else: no decoder, no object for each
 * frame. Belongs to one channel.
 */
abstract class RawFrames extends ChannelInboundHandlerAdapter {

    private @Nullable ByteBuf partial;

    /** Takes one frame, length word included. */
    abstract void frame(ByteBuf in, int offset, int bytes);

    /** Everything that was ready has been read. */
    abstract void endOfBatch();

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        ByteBuf earlier = partial;
        if (earlier != null) {
            earlier.writeBytes(in);
            in.release();
            in = earlier;
            partial = null;
        }
        while (in.readableBytes() >= Integer.BYTES) {
            int offset = in.readerIndex();
            int bytes = Integer.BYTES + in.getInt(offset);
            if (in.readableBytes() < bytes) {
                break;
            }
            in.skipBytes(bytes);
            frame(in, offset, bytes);
        }
        if (in.isReadable()) {
            partial = ctx.alloc().ioBuffer().writeBytes(in);
        }
        in.release();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        endOfBatch();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        ReferenceCountUtil.release(partial);
        partial = null;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
