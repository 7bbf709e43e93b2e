package io.queryablestate.network;

import io.netty.util.internal.PlatformDependent;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of large frames and values may wait in buffers, over all connections that share the budget. What does
 * not fit is refused as overloaded instead of being buffered. Thread-safe.
 */
public final class BufferBudget {

    private final long limit;
    private final AtomicLong used = new AtomicLong();

    /**
     * A budget of its own.
     *
     * @param limitBytes at least 1
     */
    public BufferBudget(long limitBytes) {
        if (limitBytes < 1) {
            throw new IllegalArgumentException("a buffer budget is at least 1 byte, got " + limitBytes);
        }
        this.limit = limitBytes;
    }

    /** The budget that everything in this process shares unless it is given another: half of the direct memory. */
    public static BufferBudget ofProcess() {
        return OfProcess.BUDGET;
    }

    /** The limit in bytes. */
    public long limit() {
        return limit;
    }

    /** Bytes reserved now. */
    public long used() {
        return used.get();
    }

    /** Whether that many bytes more stay within the limit. */
    boolean fits(long bytes) {
        return used.get() + bytes <= limit;
    }

    void add(long bytes) {
        used.addAndGet(bytes);
    }

    void release(long bytes) {
        used.addAndGet(-bytes);
    }

    private static final class OfProcess {
        static final BufferBudget BUDGET = new BufferBudget(Math.max(1, PlatformDependent.maxDirectMemory() / 2));
    }
}
