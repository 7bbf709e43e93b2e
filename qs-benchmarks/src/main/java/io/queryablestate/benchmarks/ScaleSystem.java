package io.queryablestate.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** State servers in one process, a proxy and a client, to be asked for more and more. Used by one thread. */
final class ScaleSystem implements AutoCloseable {

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(60);

    private final ProcessGroup processes = new ProcessGroup();
    private final ChildProcess server;
    private final ChildProcess proxy;
    private final ChildProcess client;

    /**
     * Starts one.
     *
     * @param target the directory of the class paths and the logs
     * @param servers how many state servers
     * @param states how many states on each
     * @param workloads what each state holds
     */
    ScaleSystem(Path target, int servers, int states, List<Workload> workloads)
            throws IOException, InterruptedException {
        List<String> serverArguments =
                new ArrayList<>(List.of("server", Integer.toString(servers), Integer.toString(states)));
        workloads.forEach(workload -> serverArguments.add(workload.toString()));
        try {
            server = processes.add(start(target, serverArguments));
            proxy = processes.addProxy(start(target, List.of("proxy", server.address())));
            client = processes.add(start(target, List.of("client", proxy.address())));
        } catch (IOException | InterruptedException e) {
            processes.close();
            throw e;
        }
    }

    private static ChildProcess start(Path target, List<String> arguments) throws IOException, InterruptedException {
        return new ChildProcess(
                Jvm.command(target, false),
                ScaleProcess.class,
                arguments,
                target.resolve("scale-" + arguments.get(0) + ".log"));
    }

    /** Lets the client work; the command is one of {@link ScaleClient}'s that is answered by a result. */
    Sample measure(String command, Duration duration) throws IOException, InterruptedException {
        return processes.measure(command, duration);
    }

    /** Tells the client to do something. */
    void tell(String command) throws IOException, InterruptedException {
        client.ask(command, COMMAND_TIMEOUT);
    }

    ProcessMemory serverMemory() throws IOException, InterruptedException {
        return memory(server);
    }

    ProcessMemory proxyMemory() throws IOException, InterruptedException {
        return memory(proxy);
    }

    ProcessMemory clientMemory() throws IOException, InterruptedException {
        return memory(client);
    }

    private static ProcessMemory memory(ChildProcess process) throws IOException, InterruptedException {
        return ProcessMemory.parse(process.ask(CommandLoop.MEMORY, COMMAND_TIMEOUT));
    }

    @Override
    public void close() {
        processes.close();
    }
}
