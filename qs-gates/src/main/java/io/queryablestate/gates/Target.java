package io.queryablestate.gates;

import io.queryablestate.gates.TargetProcess.Usage;
import io.queryablestate.messages.ServerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The gate's end of a {@link TargetProcess} that has 128 MiB of heap and 64 MiB of direct memory, and ends when it has
 * not enough. Used by one thread.
 */
final class Target implements AutoCloseable {

    private static final List<String> LITTLE_MEMORY = List.of(
            "-Xmx128m",
            "-XX:MaxDirectMemorySize=64m",
            "-XX:+ExitOnOutOfMemoryError",
            "-Dio.netty.allocator.type=pooled",
            "-Dio.netty.allocator.smallCacheSize=0",
            "-Dio.netty.allocator.normalCacheSize=0");
    private static final Duration SETTLE = Duration.ofSeconds(5);
    private static final long MEGABYTE = 1024 * 1024;

    private final GateRun run;
    private final ChildJvm process;

    Target(GateRun run, Object... arguments) throws IOException, InterruptedException {
        this.run = run;
        this.process = start(TargetProcess.class, arguments);
    }

    /** Starts a program with little memory. */
    static ChildJvm start(Class<?> main, Object... arguments) throws IOException, InterruptedException {
        return new ChildJvm(LITTLE_MEMORY, main, arguments);
    }

    static Usage usage(ChildJvm target) throws IOException, InterruptedException {
        return Usage.parse(target.ask("usage"));
    }

    ServerAddress proxy() {
        return process.address(0);
    }

    ServerAddress server() {
        return process.address(1);
    }

    Usage usage() throws IOException, InterruptedException {
        return usage(process);
    }

    /** What it holds once it has no more buffers than before; waits 5 s at most for that. */
    Usage settled(Usage before) throws IOException, InterruptedException {
        long end = System.nanoTime() + SETTLE.toNanos();
        Usage now = usage();
        while (now.buffers() > before.buffers() && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(50);
            now = usage();
        }
        return now;
    }

    /** How much the threads of the process have allocated so far, but for the one that answers this. */
    long allocated() throws IOException, InterruptedException {
        return Long.parseLong(process.ask(TargetProcess.ALLOCATED));
    }

    void endJob() throws IOException, InterruptedException {
        process.ask("end-job");
    }

    boolean isAlive() {
        return process.isAlive();
    }

    static double megabytes(long bytes) {
        return Math.round(10.0 * bytes / MEGABYTE) / 10.0;
    }

    /** I6: it is alive, and has let go of what it held. */
    @Override
    public void close() {
        boolean alive = process.isAlive();
        run.require(alive, "I6: the process under attack has died");
        run.figure("target_alive", alive);
        process.close();
    }
}
