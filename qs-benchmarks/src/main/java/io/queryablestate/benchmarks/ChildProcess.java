package io.queryablestate.benchmarks;

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

/** The harness's end of a process that runs a {@link CommandLoop}. Used by one thread; no wait is without an end. */
final class ChildProcess implements AutoCloseable {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final int STOP_SECONDS = 5;
    private static final String GONE = CommandLoop.FAILED + "the process has ended";

    private final String name;
    private final Path log;
    private final Process process;
    private final PrintWriter commands;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final String address;

    /**
     * Starts a part and waits until it is ready.
     *
     * @param jvm the command that starts a main class
     * @param part its arguments: which part, whose, and what it needs to know
     * @param log takes what it prints on standard error
     */
    ChildProcess(List<String> jvm, Class<?> main, List<String> part, Path log)
            throws IOException, InterruptedException {
        this.name = part.get(0) + " of " + part.get(1);
        this.log = log;
        List<String> command = new ArrayList<>(jvm);
        command.add(main.getName());
        command.addAll(part);
        this.process = new ProcessBuilder(command).redirectError(log.toFile()).start();
        this.commands = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
        Thread pump = new Thread(this::readLines, "output of " + name);
        pump.setDaemon(true);
        pump.start();
        try {
            this.address = answer(START_TIMEOUT);
        } catch (IOException | InterruptedException e) {
            close();
            throw e;
        }
    }

    /** Where the next part finds this one. */
    String address() {
        return address;
    }

    /**
     * Sends a command and waits for its answer.
     *
     * @throws CommandFailedException if the command fails
     * @throws IOException if it takes too long, or the process has ended; it takes no more commands then
     */
    String ask(String command, Duration timeout) throws IOException, InterruptedException {
        commands.println(command);
        return answer(timeout);
    }

    private String answer(Duration timeout) throws IOException, InterruptedException {
        String line = lines.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
        if (line != null && line.startsWith(CommandLoop.OK)) {
            return line.substring(CommandLoop.OK.length());
        }
        String what = "the " + name + ": " + (line == null ? "no answer within " + timeout : line) + ", see " + log;
        // After an answer that is late, or when there is no process, answers and commands no longer belong together.
        throw line == null || line.equals(GONE) ? new IOException(what) : new CommandFailedException(what);
    }

    private void readLines() {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add(CommandLoop.FAILED + e);
        }
        lines.add(GONE);
    }

    /** Ends the process, by force if it does not end by itself. */
    @Override
    public void close() {
        commands.close();
        try {
            if (process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
