package io.queryablestate.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Clock and timer of a test: time passes when the test says so. */
final class ManualTime implements LongSupplier, Timer {

    private record Task(long at, Runnable run) {}

    // Close to the overflow, where comparing nano times by < goes wrong.
    private long now = Long.MAX_VALUE - Duration.ofSeconds(1).toNanos();
    private final List<Task> tasks = new ArrayList<>();

    @Override
    public synchronized long getAsLong() {
        return now;
    }

    @Override
    public synchronized void schedule(long delayNanos, Runnable task) {
        tasks.add(new Task(now + delayNanos, task));
    }

    @Override
    public synchronized void stop() {
        tasks.clear();
    }

    synchronized int scheduledTasks() {
        return tasks.size();
    }

    /** Time passes while a thread works: no task is run. */
    synchronized void pass(Duration duration) {
        now += duration.toNanos();
    }

    /** Time passes and the tasks that become due are run, each at its time. */
    void advance(Duration duration) {
        long end = getAsLong() + duration.toNanos();
        for (Task task = nextUntil(end); task != null; task = nextUntil(end)) {
            task.run().run();
        }
        synchronized (this) {
            now = end;
        }
    }

    private synchronized @Nullable Task nextUntil(long end) {
        Task next = tasks.stream()
                .filter(task -> task.at() - end <= 0)
                .min(Comparator.comparingLong(task -> task.at() - end))
                .orElse(null);
        if (next != null) {
            tasks.remove(next);
            now = now - next.at() > 0 ? now : next.at();
        }
        return next;
    }
}
