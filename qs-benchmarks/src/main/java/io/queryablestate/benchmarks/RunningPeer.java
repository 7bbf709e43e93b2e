package io.queryablestate.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The three processes of one peer. Used by one thread. */
final class RunningPeer implements AutoCloseable {

    private static final Duration USAGE_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LOAD_EXTRA_TIME = Duration.ofSeconds(20);
    /** The same for every process of every peer. */
    private static final List<String> JVM_OPTIONS = List.of("-Xms512m", "-Xmx512m", "-XX:+UseG1GC");

    private final Deque<ChildProcess> parts = new ArrayDeque<>();
    private final ChildProcess server;
    private final ChildProcess proxy;
    private final ChildProcess client;

    /**
     * Starts server, proxy and client.
     *
     * @param target the directory of the class paths
     * @param logs where each process gets a file for its standard error
     */
    RunningPeer(PeerName peer, Path target, Path logs) throws IOException, InterruptedException {
        try {
            this.server = start(peer, target, logs, "server");
            this.proxy = start(peer, target, logs, "proxy", server.address());
            this.client = start(peer, target, logs, "client", proxy.address());
        } catch (IOException | InterruptedException e) {
            close();
            throw e;
        }
    }

    private ChildProcess start(PeerName peer, Path target, Path logs, String part, String... next)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(part, peer.id()));
        arguments.addAll(List.of(next));
        ChildProcess started =
                new ChildProcess(jvm(peer, target), arguments, logs.resolve(peer.id() + "-" + part + ".log"));
        parts.push(started);
        return started;
    }

    private static List<String> jvm(PeerName peer, Path target) {
        String classPath = target.resolve("lib") + "/*";
        if (peer == PeerName.FLINK) {
            classPath += File.pathSeparator + target.resolve("flink") + "/*";
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        command.addAll(List.of("-cp", classPath));
        return command;
    }

    /**
     * Asks for some time.
     *
     * @throws IOException if an answer was wrong, a request failed, or a process does not answer
     */
    Sample measure(int inFlight, Duration duration) throws IOException, InterruptedException {
        List<ProcessUsage> before = usages();
        LoadResult load =
                LoadResult.parse(client.ask(PeerProcess.load(inFlight, duration), duration.plus(LOAD_EXTRA_TIME)));
        List<ProcessUsage> after = usages();
        List<ProcessUsage> used = new ArrayList<>();
        for (int i = 0; i < after.size(); i++) {
            used.add(after.get(i).since(before.get(i)));
        }
        return Sample.of(load, used, used.get(1));
    }

    /** Processor time of its processes since their start. */
    long cpuNanos() throws IOException, InterruptedException {
        return usages().stream().mapToLong(ProcessUsage::cpuNanos).sum();
    }

    private List<ProcessUsage> usages() throws IOException, InterruptedException {
        List<ProcessUsage> usages = new ArrayList<>();
        for (ChildProcess part : List.of(server, proxy, client)) {
            usages.add(ProcessUsage.parse(part.ask(PeerProcess.USAGE, USAGE_TIMEOUT)));
        }
        return usages;
    }

    /** Ends the processes, the client first. */
    @Override
    public void close() {
        parts.forEach(ChildProcess::close);
    }
}
