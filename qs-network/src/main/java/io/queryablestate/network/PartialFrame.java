package io.queryablestate.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.queryablestate.messages.Frames;
import org.jspecify.annotations.Nullable;

/**
 * A frame of which only a part has arrived. Memory follows the bytes that are there, never the announced length: pieces
 * that fill at least half of the buffer they were read into are kept by reference, smaller ones are copied together.
 */
final class PartialFrame {

    private static final int MIN_REFERENCED = 4 * 1024;
    private static final int MAX_TAIL = 64 * 1024;
    /** What is left of a frame that was dropped. */
    private static final int HEAD_BYTES = Frames.BODY_OFFSET;

    private final ByteBufAllocator allocator;
    private final BufferBudget budget;
    private long sinceNanos;
    private @Nullable CompositeByteBuf pieces;
    private ByteBuf tail;
    private int size;
    private int expected;
    private boolean dropped;

    PartialFrame(ByteBufAllocator allocator, BufferBudget budget, long sinceNanos) {
        this.allocator = allocator;
        this.budget = budget;
        this.sinceNanos = sinceNanos;
        this.tail = allocator.buffer(256);
    }

    /** Since when the peer has had time to finish it. */
    long sinceNanos() {
        return sinceNanos;
    }

    /** Gives the peer its time anew. */
    void restart(long nowNanos) {
        sinceNanos = nowNanos;
    }

    /** Bytes that have arrived. */
    int size() {
        return size;
    }

    /** The announced length. Only asked once its four bytes are there, and no others. */
    int lengthWord() {
        return tail.getInt(0);
    }

    /** Says how many bytes the whole frame has, length word included. */
    void expect(int frameBytes) {
        expected = frameBytes;
    }

    /** Bytes that have not arrived yet. Only asked once the expected number is known. */
    int missing() {
        return expected - size;
    }

    /** Whether its bytes are not kept any more. */
    boolean isDropped() {
        return dropped;
    }

    /** Whether it is one of those that the budget is there for. */
    boolean isLarge() {
        return expected > FrameOutput.COPY_LIMIT;
    }

    /** From now on nothing of it is kept but its head. */
    void drop() {
        ByteBuf whole = take();
        tail = allocator.buffer(HEAD_BYTES);
        tail.writeBytes(whole, Math.min(HEAD_BYTES, whole.readableBytes()));
        whole.release();
        dropped = true;
    }

    /** Takes {@code bytes} bytes from the buffer, which stays the caller's. */
    void add(ByteBuf in, int bytes) {
        size += bytes;
        if (dropped) {
            int ofHead = Math.min(bytes, HEAD_BYTES - tail.readableBytes());
            tail.writeBytes(in, ofHead);
            in.skipBytes(bytes - ofHead);
            return;
        }
        budget.add(bytes);
        if (bytes >= MIN_REFERENCED && bytes >= in.capacity() / 2) {
            sealTail();
            composite().addFlattenedComponents(true, in.readRetainedSlice(bytes));
            return;
        }
        if (tail.writableBytes() < bytes && tail.readableBytes() + bytes > MAX_TAIL) {
            sealTail();
        }
        tail.writeBytes(in, bytes);
    }

    /** The bytes that have arrived and are kept; the caller releases them. This partial frame is then at its end. */
    ByteBuf take() {
        if (!dropped) {
            budget.release(size);
        }
        CompositeByteBuf composite = pieces;
        if (composite == null) {
            return tail;
        }
        pieces = null;
        return composite.addFlattenedComponents(true, tail);
    }

    void release() {
        take().release();
    }

    private void sealTail() {
        if (tail.isReadable()) {
            composite().addFlattenedComponents(true, tail);
            tail = allocator.buffer(MIN_REFERENCED);
        }
    }

    private CompositeByteBuf composite() {
        CompositeByteBuf composite = pieces;
        if (composite == null) {
            composite = allocator.compositeBuffer(Integer.MAX_VALUE);
            pieces = composite;
        }
        return composite;
    }
}
