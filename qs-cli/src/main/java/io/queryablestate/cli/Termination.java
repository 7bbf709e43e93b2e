package io.queryablestate.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command that runs until it is stopped end in good order: a signal interrupts the thread that made this, and the
 * program ends when that thread has closed it.
 */
final class Termination implements AutoCloseable {

    /** More than the drain timeout; a program that hangs still ends. */
    private static final long MAX_SHUTDOWN_SECONDS = 20;

    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final Thread hook;

    Termination() {
        Thread command = Thread.currentThread();
        this.hook = new Thread(
                () -> {
                    command.interrupt();
                    closed.completeOnTimeout(null, MAX_SHUTDOWN_SECONDS, TimeUnit.SECONDS)
                            .join();
                },
                "qs-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Returns once the thread is interrupted, which a signal does. */
    void await() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            // What has been waited for.
        }
    }

    @Override
    public void close() {
        closed.complete(null);
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It runs: that is why this is closed.
        }
    }
}
