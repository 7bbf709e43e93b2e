package io.queryablestate.gates;

import io.queryablestate.messages.ServerAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A program of ours in a JVM of its own, on the class path of this one and of Flink. Used by one thread. */
final class ChildJvm implements AutoCloseable {

    /** What a child prints once it listens, and where. */
    static final String READY = "ready ";

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(20);
    /** What the virtual machine prints when it ends for want of memory. */
    private static final String OUT_OF_MEMORY = "Terminating due to";

    private static final String GONE = "the process has ended";

    private final Process process;
    private final PrintWriter commands;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<ServerAddress> addresses = new ArrayList<>();

    /**
     * Starts a program and waits until it is ready.
     *
     * @param jvm options of its virtual machine
     */
    ChildJvm(List<String> jvm, Class<?> main, Object... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
        command.addAll(jvm);
        command.add("-Dlogback.configurationFile=gates-logback.xml");
        command.add("-Dgates.log=" + System.getProperty("gates.log", "target/gates/gate") + ".child");
        String classes = System.getProperty("java.class.path") + System.getProperty("gates.flink", "");
        command.addAll(List.of("-cp", classes, main.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        this.process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        this.commands = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
        Thread pump = new Thread(this::readLines, "process reaper of " + main.getSimpleName());
        pump.setDaemon(true);
        pump.start();
        String ready = next(START_TIMEOUT);
        if (!ready.startsWith(READY)) {
            close();
            throw new IOException(main.getSimpleName() + " did not start: " + ready);
        }
        for (String address : ready.substring(READY.length()).split(" ", -1)) {
            addresses.add(ServerAddress.parse(address));
        }
    }

    private void readLines() {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            // It ends below.
        }
        lines.add(GONE);
    }

    private String next(Duration timeout) throws InterruptedException {
        String line = lines.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
        return line == null ? "no answer within " + timeout : line;
    }

    /** Where it listens, in the order in which it has said so. */
    ServerAddress address(int index) {
        return addresses.get(index);
    }

    /** Sends a line and waits for the one that answers it. */
    String ask(String line) throws IOException, InterruptedException {
        commands.println(line);
        String answer = next(ANSWER_TIMEOUT);
        if (answer.equals(GONE) || answer.startsWith(OUT_OF_MEMORY)) {
            throw new IOException(GONE + " with " + process.waitFor());
        }
        return answer;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Ends it as {@code kill -9} does. */
    void kill() {
        process.destroyForcibly();
        Ends.await(process);
    }

    /** Stops it where it stands, as {@code kill -STOP} does. */
    void stop() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Lets it go on. */
    void proceed() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("kill -" + name + " ended with " + exit);
        }
    }

    @Override
    public void close() {
        commands.close();
        if (!Ends.await(process)) {
            kill();
        }
    }
}
