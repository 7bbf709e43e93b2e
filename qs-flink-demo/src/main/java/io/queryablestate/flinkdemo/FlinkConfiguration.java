package io.queryablestate.flinkdemo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Flink's configuration for a small cluster on loopback, with any free ports. */
final class FlinkConfiguration {

    /** Everything listens here and nowhere else. */
    static final String HOST = "127.0.0.1";

    private FlinkConfiguration() {}

    /**
     * Writes {@code config.yaml}, which both lines of Flink read, and the configuration of its logging.
     *
     * @param directory where to, made if it is missing
     * @param data where Flink keeps its checkpoints
     * @param rpcPort the job manager's port, 0 for the job manager itself
     * @param restPort the port of its REST interface, 0 for the job manager itself
     */
    static void write(Path directory, Path data, int rpcPort, int restPort) throws IOException {
        Files.createDirectories(directory);
        Map<String, Object> settings = new LinkedHashMap<>();
        addresses(settings, rpcPort, restPort);
        memory(settings);
        recovery(settings, data);
        settings.put("queryable-state.enable", true);
        settings.put("queryable-state.proxy.ports", "\"0\"");
        settings.put("queryable-state.server.ports", "\"0\"");
        Files.writeString(
                directory.resolve("config.yaml"),
                settings.entrySet().stream()
                        .map(setting -> setting.getKey() + ": " + setting.getValue())
                        .collect(Collectors.joining("\n", "", "\n")));
        Files.writeString(directory.resolve("log4j2.properties"), """
                rootLogger.level = INFO
                rootLogger.appenderRef.console.ref = console
                appender.console.type = Console
                appender.console.name = console
                appender.console.layout.type = PatternLayout
                appender.console.layout.pattern = %d{HH:mm:ss.SSS} %-5p [%t] %c{2} %m%n
                """);
    }

    private static void addresses(Map<String, Object> settings, int rpcPort, int restPort) {
        settings.put("jobmanager.rpc.address", HOST);
        settings.put("jobmanager.rpc.port", rpcPort);
        settings.put("jobmanager.bind-host", HOST);
        settings.put("rest.address", HOST);
        settings.put("rest.bind-address", HOST);
        settings.put("rest.port", restPort);
        settings.put("rest.bind-port", "\"" + restPort + "\"");
        // Else what it says of a job is up to three seconds old.
        settings.put("web.refresh-interval", "100 ms");
        settings.put("taskmanager.host", HOST);
        settings.put("taskmanager.bind-host", HOST);
        settings.put("taskmanager.rpc.port", "\"0\"");
    }

    /** What Flink's start script would compute. */
    private static void memory(Map<String, Object> settings) {
        settings.put("taskmanager.numberOfTaskSlots", 2);
        settings.put("taskmanager.cpu.cores", "1.0");
        settings.put("taskmanager.memory.framework.heap.size", "64m");
        settings.put("taskmanager.memory.framework.off-heap.size", "64m");
        settings.put("taskmanager.memory.task.heap.size", "128m");
        settings.put("taskmanager.memory.task.off-heap.size", "64m");
        settings.put("taskmanager.memory.network.min", "32m");
        settings.put("taskmanager.memory.network.max", "32m");
        settings.put("taskmanager.memory.managed.size", "64m");
        settings.put("taskmanager.memory.jvm-metaspace.size", "192m");
        settings.put("taskmanager.memory.jvm-overhead.min", "64m");
        settings.put("taskmanager.memory.jvm-overhead.max", "64m");
    }

    private static void recovery(Map<String, Object> settings, Path data) {
        // So that each job has a task on each task manager.
        settings.put("taskmanager.load-balance.mode", "SLOTS");
        // A killed process is noticed by its connections, a stopped one by its silence.
        settings.put("heartbeat.interval", 1_000);
        settings.put("heartbeat.timeout", 20_000);
        settings.put("restart-strategy.type", "fixed-delay");
        settings.put("restart-strategy.fixed-delay.attempts", 1_000);
        settings.put("restart-strategy.fixed-delay.delay", "500 ms");
        settings.put("execution.checkpointing.interval", "1 s");
        settings.put("execution.checkpointing.storage", "filesystem");
        settings.put("execution.checkpointing.dir", data.resolve("checkpoints").toUri());
    }
}
