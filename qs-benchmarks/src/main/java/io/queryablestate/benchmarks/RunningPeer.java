package io.queryablestate.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The processes of one peer: server, proxy if it has one, and client; or one for all. Used by one thread. */
final class RunningPeer implements AutoCloseable {

    private final PeerName peer;
    private final Path target;
    private final Path logs;
    private final ProcessGroup processes = new ProcessGroup();

    /**
     * Starts a peer.
     *
     * @param target the directory of the class paths
     * @param logs where each process gets a file for its standard error
     * @param workloads what the server holds
     * @param oneProcess whether client, proxy and server share one process
     */
    RunningPeer(PeerName peer, Path target, Path logs, List<Workload> workloads, boolean oneProcess)
            throws IOException, InterruptedException {
        this.peer = peer;
        this.target = target;
        this.logs = logs;
        try {
            start(workloads.stream().map(Workload::toString).toList(), oneProcess);
        } catch (IOException | InterruptedException e) {
            close();
            throw e;
        }
    }

    private void start(List<String> workloads, boolean oneProcess) throws IOException, InterruptedException {
        if (oneProcess) {
            processes.add(start("all", workloads));
            return;
        }
        String server = processes.add(start("server", workloads)).address();
        String proxy = PeerProcess.NONE;
        if (peer.hops().contains(Hop.PROXIED)) {
            proxy = processes.addProxy(start("proxy", List.of(server))).address();
        }
        processes.add(start("client", List.of(server, proxy)));
    }

    private ChildProcess start(String part, List<String> rest) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(part, peer.id()));
        arguments.addAll(rest);
        return new ChildProcess(
                Jvm.command(target, peer.needsPeerLibraries()),
                PeerProcess.class,
                arguments,
                logs.resolve(peer.id() + "-" + part + ".log"));
    }

    /** Works for some time; fails as {@link ProcessGroup#measure}. */
    Sample measure(Work work, Duration duration) throws IOException, InterruptedException {
        return processes.measure(PeerProcess.load(work, duration), duration);
    }

    /** Processor time of its processes since their start. */
    long cpuNanos() throws IOException, InterruptedException {
        return processes.cpuNanos();
    }

    /** Ends the processes. */
    @Override
    public void close() {
        processes.close();
    }
}
