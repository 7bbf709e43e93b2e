package io.queryablestate.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A handler in an embedded channel, on a clock that only moves when it is told to. */
final class TestChannel {

    private static final long STEP_NANOS = Duration.ofMillis(10).toNanos();

    final MockTicker ticker = Ticker.newMockTicker();
    final EmbeddedChannel channel = EmbeddedChannel.builder().ticker(ticker).build();
    final BufferBudget budget = new BufferBudget(256 * 1024 * 1024);
    final EventLoopContext context = new EventLoopContext(channel.eventLoop(), budget);
    final WriteSpy spy = new WriteSpy(budget);

    /** Puts the handler into the pipeline and tells it that the channel is active. */
    <H extends FrameHandler> H add(Function<EventLoopContext, H> factory) {
        H handler = factory.apply(context);
        channel.pipeline().addLast(spy, handler);
        channel.pipeline().fireChannelActive();
        channel.runPendingTasks();
        return handler;
    }

    /** Brings bytes from the peer, all in one read; they are released by the handler. */
    void read(ByteBuf... frames) {
        channel.writeInbound(Unpooled.wrappedBuffer(frames));
    }

    /** Lets time pass in steps of a tick, running what becomes due. */
    void advance(Duration duration) {
        long nanos = duration.toNanos();
        while (nanos > 0) {
            long step = Math.min(STEP_NANOS, nanos);
            ticker.advance(step, TimeUnit.NANOSECONDS);
            channel.runPendingTasks();
            nanos -= step;
        }
    }

    /** The peer reads again after {@link WriteSpy#hold}. */
    void letGo() {
        ChannelHandlerContext ctx = channel.pipeline().context(spy);
        spy.letGo(ctx);
        channel.runPendingTasks();
    }

    /** All bytes written since the last call; unpooled, so that it needs no release. */
    ByteBuf written() {
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            all.writeBytes(next);
            next.release();
        }
        return all;
    }

    /** The frames written since the last call, cut by their length words. */
    List<ByteBuf> writtenFrames() {
        ByteBuf all = written();
        List<ByteBuf> frames = new ArrayList<>();
        while (all.isReadable()) {
            int bytes = Integer.BYTES + all.getInt(all.readerIndex());
            frames.add(all.readSlice(bytes));
        }
        return frames;
    }

    /** Ends the channel and says whether nothing was left behind in it. */
    boolean finishClean() {
        written();
        boolean left = channel.finish();
        written();
        return !left && budget.used() == 0;
    }
}
