package io.queryablestate.network;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.QueryableStateException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of one connection into frames and hands each one to {@link #onFrame} where it lies, without a copy or
 * a slice; a frame that comes in pieces is put together first.
 *
 * <pre>
 *   read buffer:  | length | frame … | length | frame … | length | fra
 *                   └── onFrame ──┘    └── onFrame ──┘     └── PartialFrame, completed by later reads
 * </pre>
 *
 * The announced length is compared with the limit before anything is kept for it. A connection whose framing is broken
 * gets {@link #onBrokenFraming} once and is not read any further. While {@link #pauseReading} is in force no frame is
 * handed out and the socket is not read.
 */
public abstract class FrameHandler extends ChannelInboundHandlerAdapter {

    /** What becomes of a request or an answer for which there is no room. */
    static final Failure BUFFERS_FULL = new Failure(ErrorCode.OVERLOADED, "the buffers of this process are full");

    private static final int LENGTH_BYTES = Integer.BYTES;
    /** Every frame has at least a version word. */
    private static final int MIN_LENGTH = Integer.BYTES;

    private static final long MAX_PARTIAL_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** 16 KiB a second. */
    private static final long NANOS_PER_BYTE = TimeUnit.SECONDS.toNanos(1) / (16 * 1024);

    private final EventLoopContext context;
    private final ArrayDeque<ByteBuf> backlog = new ArrayDeque<>(0);
    private int maxFrameBytes;
    private @Nullable PartialFrame partial;
    private @Nullable ChannelHandlerContext channelContext;
    private @Nullable FrameOutput output;
    private boolean paused;
    private boolean broken;
    private boolean delivering;
    private long lastReadNanos;

    /**
     * A handler for one connection.
     *
     * @param maxFrameBytes the longest frame accepted, without its length word
     */
    protected FrameHandler(EventLoopContext context, int maxFrameBytes) {
        this.context = context;
        this.maxFrameBytes = maxFrameBytes;
    }

    /**
     * One whole frame.
     *
     * @param in holds the frame; valid during the call, to be retained by who needs it longer. Bytes of other frames
     *     stand around it.
     * @param frame index of the frame's length word
     * @param frameEnd index after the frame's last byte
     */
    protected abstract void onFrame(ByteBuf in, int frame, int frameEnd);

    /**
     * The rest of a frame that could not be kept, since the buffers of the process are full. Nothing else has happened: the
     * frames behind it come as usual.
     *
     * @param head the frame up to {@link Frames#BODY_OFFSET}, from index 0; valid during the call
     */
    protected abstract void onDroppedFrame(ByteBuf head);

    /** The length word announces what cannot be a frame. No more frames will come; the subclass closes the channel. */
    protected abstract void onBrokenFraming(QueryableStateException reason);

    /** The peer has taken some of what was written; nothing is to be done about it yet. */
    protected void onPeerReads() {}

    /** The output takes more, or no more, for the time being: see {@link FrameOutput#isCongested}. */
    protected void onWritabilityChanged() {}

    /** What the connections of this event loop share. */
    protected final EventLoopContext context() {
        return context;
    }

    /** Where frames for the peer are written. Only while the channel is registered. */
    public final FrameOutput output() {
        FrameOutput current = output;
        if (current == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return current;
    }

    /** The handler's place in the pipeline. Only while the channel is registered. */
    protected final ChannelHandlerContext channelContext() {
        ChannelHandlerContext current = channelContext;
        if (current == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return current;
    }

    /** When the last bytes came, on the clock of the event loop. During {@link #onFrame}: the time of this read. */
    protected final long lastReadNanos() {
        return lastReadNanos;
    }

    /**
     * Whether a frame was begun so long ago that the peer must be taken for stuck: 10 seconds, and more for what has
     * arrived of it, at the rate of a slow line.
     */
    protected final boolean isFrameOverdue(long nowNanos) {
        PartialFrame begun = partial;
        return begun != null
                && !paused
                && nowNanos - begun.sinceNanos() > MAX_PARTIAL_NANOS + begun.size() * NANOS_PER_BYTE;
    }

    /** Whether the first part of a frame has arrived and the rest has not. */
    protected final boolean isReceivingFrame() {
        return partial != null;
    }

    /** Whether {@link #pauseReading} is in force, so that silence is not the peer's. */
    protected final boolean isPaused() {
        return paused;
    }

    /** Stops handing out frames and reading the socket, from the next frame on. */
    protected final void pauseReading() {
        if (!paused) {
            paused = true;
            channelContext().channel().config().setAutoRead(false);
        }
    }

    /** Undoes {@link #pauseReading}; frames that have arrived meanwhile are handed out before this returns. */
    protected final void resumeReading() {
        if (paused) {
            paused = false;
            // The peer could not send meanwhile.
            lastReadNanos = context.nanoTime();
            if (partial != null) {
                partial.restart(lastReadNanos);
            }
            deliver();
            if (!paused && !broken) {
                channelContext().channel().config().setAutoRead(true);
            }
        }
    }

    /** Accepts frames of another length from the next one on; otherwise as the constructor. */
    protected final void acceptFrames(int maxBytes) {
        maxFrameBytes = maxBytes;
    }

    /** Ignores whatever else arrives. */
    protected final void stopReading() {
        broken = true;
    }

    /** Goes on reading the socket, but drops what it reads. */
    final void discardInput() {
        stopReading();
        releaseInput();
        channelContext().channel().config().setAutoRead(true);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channelContext = ctx;
        output = new FrameOutput(ctx, context.budget(), this::onPeerReads, this::tellWritability);
        lastReadNanos = context.nanoTime();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        stopReading();
        releaseInput();
        output().close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        lastReadNanos = context.nanoTime();
        backlog.add((ByteBuf) msg);
        deliver();
    }

    @Override
    public final void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            onPeerReads();
        }
        output().writabilityChanged();
        ctx.fireChannelWritabilityChanged();
    }

    private void tellWritability() {
        if (channelContext().isRemoved()) {
            return;
        }
        if (channelContext().channel().isWritable()) {
            output().run();
        }
        onWritabilityChanged();
    }

    private void deliver() {
        if (delivering) {
            return;
        }
        delivering = true;
        try {
            while (!paused && !broken && !backlog.isEmpty()) {
                ByteBuf in = backlog.element();
                deliver(in);
                if (!in.isReadable()) {
                    backlog.remove().release();
                }
            }
        } finally {
            delivering = false;
            if (broken) {
                releaseInput();
            }
        }
    }

    /** Hands out the frames of one buffer; leaves it unread where it was paused in between. */
    private void deliver(ByteBuf in) {
        while (!paused && !broken && in.isReadable()) {
            if (partial != null || in.readableBytes() < LENGTH_BYTES) {
                continueFrame(in);
            } else {
                int length = in.getInt(in.readerIndex());
                if (isAcceptable(length)) {
                    deliverOrBegin(in, length);
                }
            }
        }
    }

    private void deliverOrBegin(ByteBuf in, int length) {
        int frameBytes = LENGTH_BYTES + length;
        if (in.readableBytes() < frameBytes) {
            continueFrame(in);
            return;
        }
        int frame = in.readerIndex();
        in.skipBytes(frameBytes);
        onFrame(in, frame, frame + frameBytes);
    }

    private void continueFrame(ByteBuf in) {
        PartialFrame frame = partial;
        if (frame == null) {
            frame = new PartialFrame(channelContext().alloc(), context.budget(), lastReadNanos);
            partial = frame;
        }
        if (frame.size() < LENGTH_BYTES) {
            frame.add(in, Math.min(LENGTH_BYTES - frame.size(), in.readableBytes()));
            if (frame.size() < LENGTH_BYTES || !isAcceptable(frame.lengthWord())) {
                return;
            }
            frame.expect(LENGTH_BYTES + frame.lengthWord());
        }
        frame.add(in, Math.min(frame.missing(), in.readableBytes()));
        if (frame.missing() == 0) {
            partial = null;
            ByteBuf whole = frame.take();
            try {
                if (frame.isDropped()) {
                    onDroppedFrame(whole);
                } else {
                    onFrame(whole, whole.readerIndex(), whole.writerIndex());
                }
            } finally {
                whole.release();
            }
        } else if (frame.isLarge() && !frame.isDropped() && !context.budget().fits(0)) {
            frame.drop();
        }
    }

    private boolean isAcceptable(int length) {
        if (length > maxFrameBytes) {
            breakFraming(new QueryableStateException(
                    ErrorCode.FRAME_TOO_LARGE, "frame of " + length + " bytes exceeds the limit of " + maxFrameBytes));
            return false;
        }
        if (length < MIN_LENGTH) {
            breakFraming(new QueryableStateException(
                    ErrorCode.BAD_REQUEST, "frame of " + length + " bytes, expected at least " + MIN_LENGTH));
            return false;
        }
        return true;
    }

    private void breakFraming(QueryableStateException reason) {
        stopReading();
        onBrokenFraming(reason);
    }

    private void releaseInput() {
        PartialFrame begun = partial;
        if (begun != null) {
            partial = null;
            begun.release();
        }
        if (!delivering) {
            for (ByteBuf in = backlog.poll(); in != null; in = backlog.poll()) {
                in.release();
            }
        }
    }
}
