package io.queryablestate.network;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of {@linkplain CallbackEventLoop some event loops}, and one more that looks each millisecond whether callbacks
 * are stuck, as long as there are any.
 */
final class Followers {

    private static final Logger LOG = LoggerFactory.getLogger(Followers.class);

    private static final long KEEP_ALIVE_SECONDS = 30;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int QUIET_TICKS = 20;

    private final RateLimitedLog failures = new RateLimitedLog(LOG, System::nanoTime);
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
        of.forEach(loop -> threads.execute(loop.leading(loop::lead)));
        watch.start();
    }

    /** Threads end when no callback waits any more. */
    void stop() {
        stopped = true;
        LockSupport.unpark(watch);
    }

    /** Runs it on a thread of its own; false if there is none, since the loops have ended or the process can have no more. */
    boolean start(Runnable task) {
        try {
            threads.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            LOG.trace("The event loops have ended", e);
        } catch (OutOfMemoryError e) {
            failures.warn("Starting a thread for callbacks failed", e);
        }
        return false;
    }

    /** Moves on each millisecond while callbacks run. */
    long ticks() {
        return ticks.get();
    }

    /** There is a callback to run. */
    void watch() {
        if (asleep) {
            asleep = false;
            LockSupport.unpark(watch);
        }
    }

    private void lookAtLoops() {
        int quiet = 0;
        while (!stopped || quiet < QUIET_TICKS) {
            if (quiet < QUIET_TICKS) {
                LockSupport.parkNanos(TICK_NANOS);
                ticks.incrementAndGet();
                quiet = look() ? 0 : quiet + 1;
            } else {
                asleep = true;
                // Whoever has added a callback before it was said sees nobody asleep.
                while (asleep && !stopped && !look()) {
                    LockSupport.park(this);
                }
                asleep = false;
                quiet = 0;
            }
        }
        threads.shutdown();
    }

    private boolean look() {
        boolean busy = false;
        for (CallbackEventLoop loop : loops) {
            try {
                busy |= loop.look();
            } catch (RuntimeException | Error e) {
                // Nobody else looks.
                failures.warn("Callbacks could not be looked at", e);
                busy = true;
            }
        }
        return busy;
    }
}
