package io.queryablestate.gates;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What the process held before a gate, to compare with what it holds after it. */
record Baseline(Resources resources, Set<Thread> threads) {

    private static final Duration SETTLE = Duration.ofSeconds(5);
    private static final long STEP_MILLIS = 50;
    /** Threads that a process has once, whoever needed them first; they end when they have been idle for a while. */
    private static final List<String> SHARED =
            List.of("qs-resolver", "globalEventExecutor", "ForkJoinPool.commonPool", "process reaper", "JFR ");

    static Baseline now() {
        return new Baseline(Resources.now(), Thread.getAllStackTraces().keySet());
    }

    /** What is more now; waits 5 s at most for threads, descriptors and buffers to go. */
    Delta settle() throws InterruptedException {
        long end = System.nanoTime() + SETTLE.toNanos();
        Delta delta = delta();
        while (!delta.isClean() && System.nanoTime() < end) {
            Thread.sleep(STEP_MILLIS);
            delta = delta();
        }
        return delta;
    }

    private Delta delta() {
        Resources now = Resources.now();
        List<String> more = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !threads.contains(thread))
                .map(Thread::getName)
                .filter(name -> SHARED.stream().noneMatch(name::startsWith))
                .sorted()
                .collect(Collectors.toList());
        return new Delta(
                now.heapBytes() - resources.heapBytes(),
                now.directBytes() - resources.directBytes(),
                more,
                now.descriptors() - resources.descriptors(),
                now.buffers() - resources.buffers());
    }

    /** The difference. */
    record Delta(long heapBytes, long directBytes, List<String> threads, long descriptors, long buffers) {
        boolean isClean() {
            return threads.isEmpty() && descriptors <= 0 && buffers == 0;
        }
    }
}
