package io.queryablestate.client;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;

/**
 * The threads on which a client decodes answers and completes futures unless it was given an executor.
 *
 * <p>A fork-join pool, for one property: a callback that waits for another future of the same client makes the pool start
 * a spare thread, so callbacks that wait for each other cannot use up the threads. Tasks run in the order in which they
 * came.
 */
final class CallbackThreads {

    private static final int MIN_THREADS = 4;
    private static final int SPARE_THREADS = 256;
    private static final long KEEP_ALIVE_SECONDS = 30;

    private CallbackThreads() {}

    static ForkJoinPool start() {
        int threads = Math.max(MIN_THREADS, Runtime.getRuntime().availableProcessors());
        return new ForkJoinPool(
                threads,
                pool -> {
                    ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
                    thread.setName("qs-client-callback-" + thread.getPoolIndex());
                    thread.setDaemon(true);
                    return thread;
                },
                null,
                true,
                threads,
                threads + SPARE_THREADS,
                1,
                null,
                KEEP_ALIVE_SECONDS,
                TimeUnit.SECONDS);
    }
}
