package io.queryablestate.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;

/**
 * What a process has used.
 *
 * @param cpuNanos processor time since its start: of all its threads, those of the virtual machine too, and of the
 *     processes that it has started
 * @param allocatedBytes allocated on the heap since its start by the threads that live
 * @param directBytes the most that buffers outside the heap have held since this was asked for the last time
 */
record ProcessUsage(long cpuNanos, long allocatedBytes, long directBytes) {

    /** That of this process. The peers' threads live as long as it does, so none of what they allocate is missed. */
    static ProcessUsage now() {
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        long allocated = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            allocated += Math.max(0, bytes);
        }
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new ProcessUsage(system.getProcessCpuTime() + childrenNanos(), allocated, DirectMemory.takePeak());
    }

    private static long childrenNanos() {
        return ProcessHandle.current()
                .descendants()
                .mapToLong(child ->
                        child.info().totalCpuDuration().orElse(Duration.ZERO).toNanos())
                .sum();
    }

    ProcessUsage since(ProcessUsage earlier) {
        return new ProcessUsage(cpuNanos - earlier.cpuNanos, allocatedBytes - earlier.allocatedBytes, directBytes);
    }

    /** As one line; {@link #parse} reads it. */
    String line() {
        return String.format(Locale.ROOT, "%d %d %d", cpuNanos, allocatedBytes, directBytes);
    }

    static ProcessUsage parse(String line) {
        long[] numbers = Lines.longs(line, 3);
        return new ProcessUsage(numbers[0], numbers[1], numbers[2]);
    }
}
