package io.queryablestate.network;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads of {@linkplain CallbackEventLoop some event loops}, and one more that looks each millisecond whether callbacks
 * are stuck, as long as there are any.
 */
final class Followers implements Executor {

    private static final long KEEP_ALIVE_SECONDS = 30;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int QUIET_TICKS = 20;

    private final ThreadPoolExecutor threads;
    private final Thread watch;
    private volatile List<CallbackEventLoop> loops = List.of();
    private volatile boolean asleep;
    private volatile boolean stopped;
    private final AtomicLong ticks = new AtomicLong();

    /**
     * Starts no thread yet.
     *
     * @param name prefix of the thread names
     */
    Followers(String name) {
        this.threads = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                KEEP_ALIVE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                new DefaultThreadFactory(name, true));
        this.watch = new Thread(this::lookAtLoops, name + "-watch");
        watch.setDaemon(true);
    }

    /** Starts a leader for each. */
    void start(List<CallbackEventLoop> of) {
        loops = of;
        of.forEach(loop -> threads.execute(loop::lead));
        watch.start();
    }

    /** Threads end when they have no more to do. */
    void stop() {
        threads.shutdown();
        stopped = true;
        LockSupport.unpark(watch);
    }

    /** Any thread. */
    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    /** Moves on each millisecond while callbacks run. */
    long ticks() {
        return ticks.get();
    }

    /** Callbacks are about to be run. */
    void watch() {
        if (asleep) {
            asleep = false;
            LockSupport.unpark(watch);
        }
    }

    private void lookAtLoops() {
        int quiet = 0;
        while (!stopped) {
            if (quiet < QUIET_TICKS) {
                LockSupport.parkNanos(TICK_NANOS);
            } else {
                asleep = true;
                // Whoever has begun before it was said sees nobody asleep.
                while (asleep && !stopped && !look()) {
                    LockSupport.park(this);
                }
                asleep = false;
                quiet = 0;
                continue;
            }
            ticks.incrementAndGet();
            quiet = look() ? 0 : quiet + 1;
        }
    }

    private boolean look() {
        boolean busy = false;
        for (CallbackEventLoop loop : loops) {
            busy |= loop.look();
        }
        return busy;
    }
}
