package io.queryablestate.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The processes of one system, the last one being its client. Used by one thread. */
final class ProcessGroup implements AutoCloseable {

    private static final Duration USAGE_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration LOAD_EXTRA_TIME = Duration.ofSeconds(30);

    private final List<ChildProcess> parts = new ArrayList<>();
    private @Nullable ChildProcess proxy;

    /** Adds a process. */
    ChildProcess add(ChildProcess started) {
        parts.add(started);
        return started;
    }

    /** Adds the process whose figures are also told by themselves. */
    ChildProcess addProxy(ChildProcess started) {
        proxy = started;
        return add(started);
    }

    /**
     * Lets the client work.
     *
     * @param command answered by a {@link LoadResult}
     * @throws CommandFailedException if an answer was wrong or a request failed
     * @throws IOException if a process does not answer; the group can do nothing more then
     */
    Sample measure(String command, Duration duration) throws IOException, InterruptedException {
        List<ProcessUsage> before = usages();
        ChildProcess client = parts.get(parts.size() - 1);
        LoadResult load = LoadResult.parse(client.ask(command, duration.plus(LOAD_EXTRA_TIME)));
        List<ProcessUsage> after = usages();
        List<ProcessUsage> used = new ArrayList<>();
        for (int i = 0; i < after.size(); i++) {
            used.add(after.get(i).since(before.get(i)));
        }
        return Sample.of(load, used, proxy == null ? null : used.get(parts.indexOf(proxy)));
    }

    /** Processor time since their start. */
    long cpuNanos() throws IOException, InterruptedException {
        return usages().stream().mapToLong(ProcessUsage::cpuNanos).sum();
    }

    private List<ProcessUsage> usages() throws IOException, InterruptedException {
        List<ProcessUsage> usages = new ArrayList<>();
        for (ChildProcess part : parts) {
            usages.add(ProcessUsage.parse(part.ask(CommandLoop.USAGE, USAGE_TIMEOUT)));
        }
        return usages;
    }

    /** Ends the processes, the client first. */
    @Override
    public void close() {
        for (int i = parts.size() - 1; i >= 0; i--) {
            parts.get(i).close();
        }
    }
}
