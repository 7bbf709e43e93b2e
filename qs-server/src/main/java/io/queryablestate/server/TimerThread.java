package io.queryablestate.server;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A timer with one thread, which is started at once so that scheduling later cannot fail for want of one. */
final class TimerThread implements Timer {

    private static final Logger LOG = LoggerFactory.getLogger(TimerThread.class);

    private final ScheduledThreadPoolExecutor executor;

    TimerThread(ThreadFactory threadFactory) {
        executor = new ScheduledThreadPoolExecutor(1, threadFactory, new ThreadPoolExecutor.DiscardPolicy());
        executor.prestartCoreThread();
    }

    @Override
    public void schedule(long delayNanos, Runnable task) {
        ScheduledFuture<?> unused = executor.schedule(() -> run(task), delayNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void stop() {
        executor.shutdownNow();
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            LOG.error("A timer task of the KvState registry failed", e);
        }
    }
}
