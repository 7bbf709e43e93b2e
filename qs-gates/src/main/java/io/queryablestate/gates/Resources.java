package io.queryablestate.gates;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.Stream;

/**
 * What this process holds. Gates run with Netty's pooled allocator and without its thread caches, where the number of
 * active allocations is exact.
 *
 * @param heapBytes used after a full collection
 * @param directBytes direct memory, that of Netty's arenas included once
 * @param threads live threads
 * @param descriptors open file descriptors
 * @param buffers buffers of Netty that are not released
 */
record Resources(long heapBytes, long directBytes, int threads, long descriptors, long buffers) {

    static Resources now() {
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        return new Resources(heap, direct(), threadCount(), openDescriptors(), activeBuffers());
    }

    static long direct() {
        // Netty takes the chunks of its arenas from the virtual machine, which counts them, or past it, by the JDK.
        long pools = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return Math.max(pools, PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory());
    }

    static int threadCount() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    static long openDescriptors() {
        return ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
                .getOpenFileDescriptorCount();
    }

    static long activeBuffers() {
        List<PoolArenaMetric> direct = PooledByteBufAllocator.DEFAULT.metric().directArenas();
        List<PoolArenaMetric> heap = PooledByteBufAllocator.DEFAULT.metric().heapArenas();
        return Stream.concat(direct.stream(), heap.stream())
                .mapToLong(PoolArenaMetric::numActiveAllocations)
                .sum();
    }
}
