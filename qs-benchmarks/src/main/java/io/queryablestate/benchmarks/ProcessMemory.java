package io.queryablestate.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * What a process holds after a full collection.
 *
 * @param heapBytes of objects
 * @param directBytes of buffers outside the heap
 */
record ProcessMemory(long heapBytes, long directBytes) {

    /** References that the first collection only queues, such as those of buffers, are gone after the second. */
    private static final int COLLECTIONS = 3;

    /** That of this process. */
    static ProcessMemory now() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return new ProcessMemory(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), DirectMemory.used());
    }

    ProcessMemory since(ProcessMemory earlier) {
        return new ProcessMemory(heapBytes - earlier.heapBytes, directBytes - earlier.directBytes);
    }

    /** The share of each of so many. */
    ProcessMemory dividedBy(int count) {
        return new ProcessMemory(heapBytes / count, directBytes / count);
    }

    /** As one line; {@link #parse} reads it. */
    String line() {
        return String.format(Locale.ROOT, "%d %d", heapBytes, directBytes);
    }

    static ProcessMemory parse(String line) {
        long[] numbers = Lines.longs(line, 2);
        return new ProcessMemory(numbers[0], numbers[1]);
    }
}
