package io.queryablestate.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Where the frames of one connection are written. Small frames are encoded straight into one batch buffer; the batch is
 * handed to the socket once, after the event loop has read everything that was ready, so a read batch of many requests
 * costs one write. Payloads above {@value #COPY_LIMIT} bytes are not copied: they are queued by reference and handed to
 * the channel in chunks, half a mebibyte at a time while the socket takes that, and no faster than it drains once it does not.
 *
 * <pre>
 *   reserve(n) ──▶ batch ──┐ (full, flushed, or a large payload follows)
 *                          ▼
 *   append(payload) ──▶ queue ──▶ channel, while it is writable or empty
 * </pre>
 *
 * All methods are called on the event loop of the connection.
 */
public final class FrameOutput implements Runnable {

    /** Payloads up to this many bytes are copied into the batch; larger ones are passed on by reference. */
    public static final int COPY_LIMIT = 4 * 1024;

    /**
     * Unflushed bytes, but for large payloads, above which the output does not wait for the end of the read batch, so that the
     * peer begins while the rest is being made.
     */
    static final int FLUSH_ABOVE = 16 * 1024;
    /**
     * The same, with payloads of {@value #LARGE} bytes and more: most of what those cost is the kernel's, and less if they
     * are written together. Half of what may wait for one peer, so that it is known to read before the other half is made.
     */
    private static final int BURST = (int) (Answers.MAX_PENDING_BYTES / 2);

    private static final int LARGE = 64 * 1024;
    /** What is handed to the channel at a time of a payload. */
    private static final int CHUNK = 64 * 1024;
    /** A payload up to here goes as a whole: its last few bytes are not worth a piece of their own. */
    private static final int LONGEST_CHUNK = CHUNK + CHUNK / 4;

    private static final int MIN_BATCH = 256;

    private final ChannelHandlerContext ctx;
    private final BufferBudget budget;
    private final Runnable whenTaken;
    private final Runnable whenChanged;
    private final ArrayDeque<ByteBuf> queue = new ArrayDeque<>();
    private @Nullable ByteBuf batch;
    private int batchCapacity = MIN_BATCH;
    private long queuedBytes;
    /** What has been queued since a write was last tried, without large payloads. */
    private int smallBytes;

    private @Nullable ChannelFutureListener whenWritten;
    private boolean flushScheduled;
    private boolean flushing;
    private boolean changedMeanwhile;
    private boolean closed;

    /**
     * An output that holds nothing.
     *
     * @param whenTaken run when the peer has taken a piece of a payload
     * @param whenChanged run when it takes more, or no more, for the time being
     */
    FrameOutput(ChannelHandlerContext ctx, BufferBudget budget, Runnable whenTaken, Runnable whenChanged) {
        this.ctx = ctx;
        this.budget = budget;
        this.whenTaken = whenTaken;
        this.whenChanged = whenChanged;
    }

    /**
     * The buffer into which the caller writes a frame, or the head of one, of at most {@code bytes} bytes, at once. The
     * buffer stays the output's. After {@link #close()} it is one that goes nowhere.
     */
    public ByteBuf reserve(int bytes) {
        if (isDue() && !isCongested()) {
            // Only between two frames: a flush may drain the channel, and who is told of it writes at once.
            run();
        }
        return room(bytes);
    }

    /**
     * Queues the rest of a frame whose head has been written to {@link #reserve}.
     *
     * @param payload released by the output
     */
    public void append(ByteBuf payload) {
        int bytes = payload.readableBytes();
        if (bytes <= COPY_LIMIT) {
            room(bytes).writeBytes(payload);
            payload.release();
            return;
        }
        sealBatch();
        enqueue(payload);
        scheduleFlush();
        if (bytes < LARGE) {
            smallBytes += bytes;
        }
        if (isDue()) {
            run();
        }
    }

    /** The same for an array, which must not change afterwards. */
    public void append(byte[] payload) {
        if (payload.length <= COPY_LIMIT) {
            room(payload.length).writeBytes(payload);
        } else {
            append(Unpooled.wrappedBuffer(payload));
        }
    }

    /** Whether the process may buffer that many bytes more for this connection. */
    public boolean fits(int payloadBytes) {
        return payloadBytes <= COPY_LIMIT || budget.fits(payloadBytes);
    }

    /** Bytes that wait here or in the channel for the peer to read. */
    public long pendingBytes() {
        ByteBuf current = batch;
        long inBatch = current == null ? 0 : current.readableBytes();
        return queuedBytes + inBatch + pendingInChannel();
    }

    private long pendingInChannel() {
        ChannelOutboundBuffer inChannel = ctx.channel().unsafe().outboundBuffer();
        // A channel that was closed a moment ago has none.
        return inChannel == null ? 0 : inChannel.totalPendingWriteBytes();
    }

    /**
     * Whether the peer reads more slowly than frames come, so that nothing more should be read for it. A change back is
     * told by the channel's writability event. Right after {@link #run()} a false means that nothing waits here.
     */
    public boolean isCongested() {
        return !ctx.channel().isWritable();
    }

    /**
     * Whether so much waits for the end of the read batch that nothing more should be let in before it is known whether the
     * peer takes it. A change back is told as if the channel's writability had changed.
     */
    boolean isFilled() {
        return queuedBytes > LARGE;
    }

    /**
     * The channel's writability has changed. Whoever is to be told of it is told after the write in whose middle that was:
     * what is let in by it would be queued behind that write, however much it is.
     */
    void writabilityChanged() {
        if (flushing) {
            changedMeanwhile = true;
        } else {
            whenChanged.run();
        }
    }

    /** Hands everything to the channel that it takes. Runs by itself once the event loop has read what was ready. */
    @Override
    public void run() {
        flushScheduled = false;
        if (flushing) {
            return;
        }
        adaptBatchCapacity();
        sealBatch();
        if (closed) {
            return;
        }
        smallBytes = 0;
        boolean wasFilled = isFilled();
        flushing = true;
        do {
            writeBurst();
            ctx.flush();
        } while (ctx.channel().isWritable() && !queue.isEmpty());
        flushing = false;
        if (queue.isEmpty() && batch == null) {
            finish();
        }
        if (changedMeanwhile || (wasFilled && !isFilled())) {
            changedMeanwhile = false;
            whenChanged.run();
        }
    }

    /**
     * Runs the listener once everything written so far has been handed to the socket, and before anything that is written
     * after that. Only one listener waits.
     */
    void whenWritten(ChannelFutureListener listener) {
        whenWritten = listener;
        run();
    }

    /** Drops what has not been written. */
    void close() {
        closed = true;
        sealBatch();
        for (ByteBuf head = queue.poll(); head != null; head = queue.poll()) {
            dequeued(head.readableBytes());
            head.release();
        }
    }

    private boolean isDue() {
        return smallBytes >= FLUSH_ABOVE || queuedBytes >= BURST;
    }

    private void finish() {
        ChannelFutureListener listener = whenWritten;
        if (listener != null) {
            whenWritten = null;
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(listener);
        }
    }

    private ByteBuf room(int bytes) {
        ByteBuf current = batch;
        if (current == null || current.writableBytes() < bytes) {
            current = nextBatch(bytes);
        }
        scheduleFlush();
        return current;
    }

    private ByteBuf nextBatch(int bytes) {
        if (batch != null) {
            batchCapacity = Math.min(batchCapacity * 2, FLUSH_ABOVE);
            sealBatch();
        }
        ByteBuf next = ctx.alloc().ioBuffer(Math.max(bytes, batchCapacity));
        batch = next;
        return next;
    }

    private void adaptBatchCapacity() {
        ByteBuf current = batch;
        if (current != null && current.readableBytes() < batchCapacity / 4) {
            batchCapacity = Math.max(batchCapacity / 2, MIN_BATCH);
        }
    }

    private void sealBatch() {
        ByteBuf current = batch;
        if (current != null) {
            batch = null;
            if (current.isReadable()) {
                smallBytes += current.readableBytes();
                enqueue(current);
            } else {
                current.release();
            }
        }
    }

    private void enqueue(ByteBuf bytes) {
        if (closed) {
            bytes.release();
            return;
        }
        queue.add(bytes);
        queuedBytes += bytes.readableBytes();
        budget.add(bytes.readableBytes());
    }

    private void dequeued(int bytes) {
        queuedBytes -= bytes;
        budget.release(bytes);
    }

    /** One write, beyond the water mark too as long as the socket has taken whatever it was given. */
    private void writeBurst() {
        Channel channel = ctx.channel();
        long limit = pendingInChannel() == 0 ? BURST : 0;
        long written = 0;
        while (!queue.isEmpty() && (channel.isWritable() || written < limit)) {
            written += writeChunk();
        }
    }

    private int writeChunk() {
        ByteBuf head = queue.element();
        int bytes = head.readableBytes();
        if (bytes <= LONGEST_CHUNK) {
            queue.remove();
        } else {
            head = head.readRetainedSlice(CHUNK);
            bytes = CHUNK;
        }
        if (bytes <= FLUSH_ABOVE && head.isDirect()) {
            dequeued(bytes);
            ctx.write(head, ctx.voidPromise());
        } else {
            int held = bytes;
            queuedBytes -= held;
            ctx.write(head).addListener(written -> written(held, written.isSuccess()));
        }
        return bytes;
    }

    /** The memory is in use until then. */
    private void written(int bytes, boolean success) {
        budget.release(bytes);
        if (success) {
            whenTaken.run();
        } else {
            // A channel that has no memory for its copy drops this and would go on with what follows.
            ctx.close();
        }
    }

    private void scheduleFlush() {
        if (!flushScheduled) {
            flushScheduled = true;
            ctx.channel().eventLoop().execute(this);
        }
    }
}
