package io.queryablestate.flinkdemo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Java virtual machine of its own, whose output goes into a file. For one thread, except {@link #kill}. */
final class JavaProcess {

    private static final long POLL_MILLIS = 50;
    private static final int TAIL_LINES = 25;

    private final String name;
    private final Process process;
    private final Path output;

    private JavaProcess(String name, Process process, Path output) {
        this.name = name;
        this.process = process;
        this.output = output;
    }

    /**
     * Starts a process.
     *
     * @param directory its working directory, the place of its temporary files and of the output, {@code <name>.log}
     * @throws IOException if the operating system refuses
     */
    static JavaProcess start(String name, JavaCommand command, Path directory) throws IOException {
        Path output = directory.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command.words(directory))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(command.environment());
        return new JavaProcess(name, builder.start(), output);
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    /**
     * Says whether the process is as it should be.
     *
     * @throws FlinkProcessException if it has ended
     */
    void checkAlive() throws IOException {
        if (!process.isAlive()) {
            throw failure("has ended with status " + process.exitValue());
        }
    }

    /**
     * Waits until the output has a line in which the pattern is found.
     *
     * @return the first such match
     * @throws FlinkProcessException if the process ends before, or the time does
     */
    Matcher awaitOutput(Pattern pattern, Duration timeout) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            boolean ended = !process.isAlive();
            Matcher matcher = pattern.matcher(output());
            if (matcher.find()) {
                return matcher;
            }
            if (ended) {
                throw failure("ended with status " + process.exitValue() + " before it wrote \"" + pattern + "\"");
            }
            if (System.nanoTime() - deadline > 0) {
                throw failure("has not written \"" + pattern + "\" within " + timeout.toSeconds() + " s");
            }
            process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Waits for the end of a process that ends by itself.
     *
     * @return all that it has written
     * @throws FlinkProcessException if its status is not 0, or it is not over in time
     */
    String awaitSuccess(Duration timeout) throws IOException, InterruptedException {
        if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            throw failure("is not over within " + timeout.toSeconds() + " s");
        }
        if (process.exitValue() != 0) {
            throw failure("ended with status " + process.exitValue());
        }
        return output();
    }

    /** Ends the process as {@code kill -9} does, and returns without waiting. */
    void kill() {
        process.destroyForcibly();
    }

    /** Waits for the end of a process that was told to end; says whether it has. */
    boolean awaitEnd(Duration timeout) throws InterruptedException {
        return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** All that the process has written. */
    String output() throws IOException {
        return new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
    }

    private FlinkProcessException failure(String what) throws IOException {
        return new FlinkProcessException(name + " (pid " + pid() + ") " + what + "; " + tail());
    }

    /** The end of its output, for people. */
    String tail() throws IOException {
        List<String> lines = output().lines().toList();
        return "the end of the output of " + name + ":\n  "
                + String.join("\n  ", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    }
}
