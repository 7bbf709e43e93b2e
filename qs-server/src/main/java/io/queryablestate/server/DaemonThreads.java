package io.queryablestate.server;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes threads that have a name and never keep the process alive. */
final class DaemonThreads implements ThreadFactory {

    private final String prefix;
    private final AtomicInteger made = new AtomicInteger();

    /** Threads are named {@code prefix-1}, {@code prefix-2} and so on. */
    DaemonThreads(String prefix) {
        this.prefix = prefix;
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(task, prefix + "-" + made.incrementAndGet());
        thread.setDaemon(true);
        // Not that of the thread that happens to need a new one: it may be a job's, which could then never be unloaded.
        thread.setContextClassLoader(DaemonThreads.class.getClassLoader());
        return thread;
    }
}
