package io.queryablestate.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** For how long the machine's processors have been busy, as Linux counts it in the first line of {@code /proc/stat}. */
final class ProcessorTime {

    private static final Path STAT = Path.of("/proc/stat");
    /** A tick is a hundredth of a second on every architecture that Java runs on. */
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** user, nice, system, irq, softirq, steal; idle and iowait are between them, guests are counted as user. */
    private static final List<Integer> BUSY_FIELDS = List.of(1, 2, 3, 6, 7, 8);

    private ProcessorTime() {}

    /** Nanoseconds of all processors together since the start of the machine; empty where there is no such file. */
    static OptionalLong busyNanos() {
        try {
            return OptionalLong.of(busyNanos(Files.readAllLines(STAT).get(0)));
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    static long busyNanos(String line) {
        String[] fields = line.split(" +", -1);
        return BUSY_FIELDS.stream()
                        .mapToInt(Integer::intValue)
                        .mapToLong(field -> Long.parseLong(fields[field]))
                        .sum()
                * TICK_NANOS;
    }
}
