package io.queryablestate.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * What a process has used since its start.
 *
 * @param cpuNanos processor time of all its threads, those of the virtual machine too
 * @param allocatedBytes allocated on the heap by the threads that live
 */
record ProcessUsage(long cpuNanos, long allocatedBytes) {

    /** That of this process. The peers' threads live as long as it does, so none of what they allocate is missed. */
    static ProcessUsage now() {
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        long allocated = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            allocated += Math.max(0, bytes);
        }
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new ProcessUsage(system.getProcessCpuTime(), allocated);
    }

    ProcessUsage since(ProcessUsage earlier) {
        return new ProcessUsage(cpuNanos - earlier.cpuNanos, allocatedBytes - earlier.allocatedBytes);
    }

    /** As one line; {@link #parse} reads it. */
    String line() {
        return String.format(Locale.ROOT, "%d %d", cpuNanos, allocatedBytes);
    }

    static ProcessUsage parse(String line) {
        long[] numbers = Lines.longs(line, 2);
        return new ProcessUsage(numbers[0], numbers[1]);
    }
}
