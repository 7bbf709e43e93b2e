package io.queryablestate.flinkdemo;

import io.queryablestate.messages.JobId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Flink cluster of processes on loopback: a job manager, task managers, and programs that are told where they are. All
 * end with this object, and at the latest with this program, and leave nothing behind. For one thread.
 */
final class FlinkCluster implements AutoCloseable {

    /** For each step; long, since machines are busy. */
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private static final Duration END = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(100);

    private static final Pattern RPC_PORT = Pattern.compile("pekko\\.tcp://flink@[^:]+:(\\d+)");
    private static final Pattern REST_PORT = Pattern.compile("Rest endpoint listening at [^:\\s]+:(\\d+)");
    private static final Pattern SUBMITTED = Pattern.compile("has been submitted with JobID ([0-9a-f]{32})");

    /** What Flink's shipped configuration opens on Java 17, as far as it is needed here. */
    private static final List<String> OPENED = Stream.of(
                    "java.lang", "java.net", "java.io", "java.nio", "java.text", "java.util", "java.util.concurrent")
            .map(opened -> "--add-opens=java.base/" + opened + "=ALL-UNNAMED")
            .toList();

    private static final List<String> SMALL = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m");
    private static final List<String> TASK_MANAGER =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx192m", "-XX:MaxDirectMemorySize=160m");

    private final FlinkJars jars;
    private final Path directory;
    private final List<JavaProcess> processes = new ArrayList<>();
    private final Set<JavaProcess> servers = new LinkedHashSet<>();
    private final Thread atExit = new Thread(this::end, "flink-cluster-exit");
    private final JobManagerRest rest;
    private int taskManagers;
    private int programs;
    private boolean closed;

    /** Starts the job manager. */
    static FlinkCluster start(FlinkJars jars) throws IOException, InterruptedException {
        return new FlinkCluster(jars);
    }

    private FlinkCluster(FlinkJars jars) throws IOException, InterruptedException {
        this.jars = jars;
        this.directory = Files.createTempDirectory("qs-flink-");
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            this.rest = startJobManager();
        } catch (IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private JobManagerRest startJobManager() throws IOException, InterruptedException {
        Path configuration = directory.resolve("job-manager");
        FlinkConfiguration.write(configuration, directory, 0, 0);
        JavaProcess jobManager = start(
                "job-manager",
                SMALL,
                jars.flink(),
                configuration,
                "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
                List.of("--configDir", configuration.toString()));
        servers.add(jobManager);
        int restPort = port(jobManager.awaitOutput(REST_PORT, LIMIT));
        int rpcPort = port(jobManager.awaitOutput(RPC_PORT, LIMIT));
        FlinkConfiguration.write(configuration(), directory, rpcPort, restPort);
        return new JobManagerRest(URI.create("http://" + FlinkConfiguration.HOST + ":" + restPort));
    }

    private static int port(Matcher found) {
        return Integer.parseInt(found.group(1));
    }

    /** The process of the job manager. */
    JavaProcess jobManager() {
        return processes.get(0);
    }

    /** What the job manager says. */
    JobManagerRest rest() {
        return rest;
    }

    /**
     * Starts a task manager, without waiting for it.
     *
     * @param queryableState the jar of the implementation that serves its states
     */
    TaskManager startTaskManager(List<Path> queryableState) throws IOException {
        taskManagers++;
        JavaProcess process = start(
                "task-manager-" + taskManagers,
                TASK_MANAGER,
                Stream.concat(queryableState.stream(), jars.flink().stream()).toList(),
                configuration(),
                "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
                List.of("--configDir", configuration().toString()));
        servers.add(process);
        return new TaskManager(process);
    }

    /** Ends a task manager as {@code kill -9} does. */
    void kill(TaskManager taskManager) throws InterruptedException {
        servers.remove(taskManager.process());
        taskManager.process().kill();
        taskManager.process().awaitEnd(END);
    }

    /** Waits until so many task managers have registered. */
    void awaitTaskManagers(int count) throws IOException, InterruptedException {
        await(count + " task managers have not registered", () -> rest.taskManagers() == count);
    }

    /**
     * Submits a job as {@code flink run --detached} does, and waits until all of its tasks run.
     *
     * @param settings of the job, such as {@code state.backend.type=rocksdb}
     */
    JobId submit(List<String> settings, List<String> arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("run", "--detached"));
        settings.forEach(setting -> words.add("-D" + setting));
        words.add(jars.job().toString());
        words.addAll(arguments);
        String output = run("org.apache.flink.client.cli.CliFrontend", jars.flink(), words);
        Matcher submitted = SUBMITTED.matcher(output);
        if (!submitted.find()) {
            throw new FlinkProcessException("the job was not submitted:\n" + output);
        }
        JobId job = JobId.parse(submitted.group(1));
        await("job " + job + " does not run", () -> rest.isRunning(job));
        return job;
    }

    /**
     * Runs a program that is told where this cluster is, in the way of Flink's own programs, and waits for its end.
     *
     * @return what it has written
     */
    String run(String mainClass, List<Path> classPath, List<String> arguments)
            throws IOException, InterruptedException {
        programs++;
        return start("program-" + programs, SMALL, classPath, configuration(), mainClass, arguments)
                .awaitSuccess(LIMIT);
    }

    /**
     * Waits for something about the cluster.
     *
     * @param otherwise what the failure says if it does not come
     */
    void await(String otherwise, Condition condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.holds()) {
            for (JavaProcess server : servers) {
                server.checkAlive();
            }
            if (System.nanoTime() - deadline > 0) {
                throw late(otherwise);
            }
            jobManager().awaitEnd(POLL);
        }
    }

    private FlinkProcessException late(String otherwise) throws IOException {
        StringBuilder text = new StringBuilder(otherwise + " after " + LIMIT.toSeconds() + " s");
        for (JavaProcess server : servers) {
            text.append('\n').append(server.tail());
        }
        return new FlinkProcessException(text.toString());
    }

    private Path configuration() {
        return directory.resolve("conf");
    }

    private synchronized JavaProcess start(
            String name,
            List<String> options,
            List<Path> classPath,
            Path configuration,
            String mainClass,
            List<String> arguments)
            throws IOException {
        if (closed) {
            throw new IllegalStateException("the cluster is closed");
        }
        List<String> allOptions = new ArrayList<>(OPENED);
        allOptions.add("-Dlog4j2.configurationFile=" + configuration.resolve("log4j2.properties"));
        allOptions.addAll(options);
        JavaProcess process = JavaProcess.start(
                name,
                new JavaCommand(
                        allOptions,
                        classPath,
                        mainClass,
                        arguments,
                        Map.of("FLINK_CONF_DIR", configuration.toString())),
                directory);
        processes.add(process);
        return process;
    }

    /** Ends all processes and deletes what they have written. */
    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // This program ends: the hook runs, and finds nothing left to do.
        }
    }

    private synchronized void end() {
        if (closed) {
            return;
        }
        closed = true;
        processes.forEach(JavaProcess::kill);
        boolean interrupted = false;
        for (JavaProcess process : processes) {
            try {
                process.awaitEnd(END);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        deleteDirectory();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void deleteDirectory() {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println("not deleted: " + directory + " (" + e + ")");
        }
    }

    /** Something that is asked until it is so. */
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }
}
