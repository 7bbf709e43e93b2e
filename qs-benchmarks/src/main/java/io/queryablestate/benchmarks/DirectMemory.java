package io.queryablestate.benchmarks;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** The most memory outside the heap that buffers of this process have held at a time. Thread-safe. */
final class DirectMemory {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final List<BufferPoolMXBean> POOLS =
            ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                    .filter(pool -> pool.getName().equals("direct"))
                    .toList();
    private static final AtomicLong PEAK = new AtomicLong();

    private DirectMemory() {}

    /** Begins to look at it. Called once. */
    static void watch() {
        Thread watch = new Thread(
                () -> {
                    while (!Thread.currentThread().isInterrupted()) {
                        look();
                        LockSupport.parkNanos(LOOK_NANOS);
                    }
                },
                "direct-memory-watch");
        watch.setDaemon(true);
        watch.start();
    }

    /** The peak since it was asked last, in bytes. */
    static long takePeak() {
        look();
        return PEAK.getAndSet(0);
    }

    /** What Netty allocates past the virtual machine's own count, which it counts itself, and what that count has. */
    static long used() {
        long bytes = Math.max(0, PlatformDependent.usedDirectMemory());
        for (BufferPoolMXBean pool : POOLS) {
            bytes += pool.getMemoryUsed();
        }
        return bytes;
    }

    private static void look() {
        PEAK.accumulateAndGet(used(), Math::max);
    }
}
