package io.queryablestate.embedded;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One direction of a connection. What is read is copied, shaped by the fault in force, and written in the order and at
 * the time that the fault says. On the event loop only.
 */
final class FaultPipe {

    private static final int MAX_PENDING_BYTES = 256 * 1024;
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final FaultLink link;
    private final Fault.Direction direction;
    private final SocketChannel from;
    private final SocketChannel to;
    private final AtomicLong effects;
    private final Random random;
    private final FrameTracker read = new FrameTracker();
    private final FrameTracker written = new FrameTracker();
    private FaultShape shape = FaultShape.transparent();
    /** Nothing that keeps its order is written before this. */
    private long freeAtNanos = System.nanoTime();

    /** Writes that wait for their turn, in order: timers that end within the same microseconds may run in any. */
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();

    private int pendingBytes;
    private boolean ended;

    FaultPipe(
            FaultLink link,
            Fault.Direction direction,
            SocketChannel from,
            SocketChannel to,
            AtomicLong effects,
            Random random) {
        this.link = link;
        this.direction = direction;
        this.from = from;
        this.to = to;
        this.effects = effects;
        this.random = random;
    }

    Random random() {
        return random;
    }

    FaultLink link() {
        return link;
    }

    /** A fault has done something. */
    void affected() {
        effects.incrementAndGet();
    }

    void apply(Fault fault) {
        // What the shape before it holds back goes first.
        shape.finish(this);
        shape = FaultShape.of(fault, direction);
    }

    void read(Object message) {
        try {
            if (!ended && message instanceof ByteBuf bytes) {
                byte[] copy = ByteBufUtil.getBytes(bytes);
                int frameStart = read.advance(copy);
                shape.read(copy, frameStart, this);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
        balance();
    }

    /** The source has ended: so does the other side, once it has got everything. */
    void end() {
        if (ended) {
            return;
        }
        ended = true;
        shape.finish(this);
        inOrder(0, () -> to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFutureListener) written -> {
            to.shutdownOutput();
            link.finished();
        }));
    }

    /** Reads on only while the other side takes what is there. */
    void balance() {
        from.config().setAutoRead(to.isWritable() && pendingBytes < MAX_PENDING_BYTES);
    }

    void write(byte[] bytes) {
        write(bytes, 0);
    }

    /** Writes after a pause, behind everything that was written before. */
    void write(byte[] bytes, long afterNanos) {
        pendingBytes += bytes.length;
        inOrder(afterNanos, () -> flush(bytes));
    }

    /** Writes a whole frame after that time, whatever is written before or after it. */
    void writeFrameAside(byte[] frame, long afterNanos) {
        later(
                () -> {
                    if (written.isAtFrameStart()) {
                        pendingBytes += frame.length;
                        flush(frame);
                    } else {
                        writeFrameAside(frame, STEP_NANOS);
                    }
                },
                afterNanos);
    }

    /** Runs when everything that was written in order is out. */
    void afterwards(Runnable action) {
        inOrder(0, () -> to.writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener((ChannelFutureListener) written -> action.run()));
    }

    void later(Runnable action, long afterNanos) {
        to.eventLoop()
                .schedule(
                        () -> {
                            if (to.isActive()) {
                                action.run();
                            }
                        },
                        afterNanos,
                        TimeUnit.NANOSECONDS);
    }

    private void inOrder(long afterNanos, Runnable action) {
        long now = System.nanoTime();
        freeAtNanos = Math.max(freeAtNanos, now) + afterNanos;
        if (freeAtNanos <= now && waiting.isEmpty()) {
            action.run();
        } else {
            waiting.add(action);
            to.eventLoop().schedule(() -> waiting.remove().run(), freeAtNanos - now, TimeUnit.NANOSECONDS);
        }
    }

    private void flush(byte[] bytes) {
        pendingBytes -= bytes.length;
        written.advance(bytes);
        to.writeAndFlush(Unpooled.wrappedBuffer(bytes));
        balance();
    }
}
