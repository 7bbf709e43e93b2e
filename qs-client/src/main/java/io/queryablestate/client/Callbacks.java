package io.queryablestate.client;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Where the callbacks of one event loop run, and how they reach it again. */
interface Callbacks {

    /**
     * Runs a callback, which may take its time, or block. On the event loop.
     *
     * @throws RuntimeException if the threads do not take it
     */
    void execute(Runnable callback);

    /**
     * Runs a task on the event loop. Any thread.
     *
     * @throws RejectedExecutionException if the event loop has ended
     */
    void executeOnLoop(Runnable task);

    /** By an executor of the caller's. */
    static Callbacks by(Executor threads, Executor loop) {
        return new Callbacks() {
            @Override
            public void execute(Runnable callback) {
                threads.execute(callback);
            }

            @Override
            public void executeOnLoop(Runnable task) {
                loop.execute(task);
            }
        };
    }
}
