package io.queryablestate.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Finds frames by their length words in what is read and does nothing else: no decoder, no object for each frame. A long
 * frame is handed on as it arrives, in parts. Belongs to one channel.
 */
abstract class RawFrames extends ChannelInboundHandlerAdapter {

    /** A frame that is longer is not waited for. */
    private static final int LONG_FRAME_BYTES = 16 * 1024;

    /** Every frame has so many: a header and a value of a few bytes. */
    static final int SHORTEST_FRAME_BYTES = 32;

    private @Nullable ByteBuf partial;
    private int bytesToCome;

    /** Takes one frame, length word included. */
    abstract void frame(ByteBuf in, int offset, int bytes);

    /** A long frame, length word included, of which {@code arrived} bytes are there, at least the shortest frame's. */
    abstract void longFrame(ByteBuf in, int offset, int arrived, int bytes);

    /** The next bytes of the long frame. */
    abstract void part(ByteBuf in, int offset, int bytes);

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
        while (takeNext(in)) {
            // As long as there are frames.
        }
        if (in.isReadable()) {
            partial = ctx.alloc().ioBuffer().writeBytes(in);
        }
        in.release();
    }

    private boolean takeNext(ByteBuf in) {
        int offset = in.readerIndex();
        int readable = in.readableBytes();
        if (bytesToCome > 0) {
            int bytes = Math.min(bytesToCome, readable);
            in.skipBytes(bytes);
            bytesToCome -= bytes;
            part(in, offset, bytes);
            return in.isReadable();
        }
        if (readable < SHORTEST_FRAME_BYTES) {
            return false;
        }
        int bytes = Integer.BYTES + in.getInt(offset);
        if (readable < bytes && bytes > LONG_FRAME_BYTES) {
            in.skipBytes(readable);
            bytesToCome = bytes - readable;
            longFrame(in, offset, readable, bytes);
            return false;
        }
        if (readable < bytes) {
            return false;
        }
        in.skipBytes(bytes);
        frame(in, offset, bytes);
        return true;
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
