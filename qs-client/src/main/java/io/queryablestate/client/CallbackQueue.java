package io.queryablestate.client;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The callbacks of one event loop. Waking a thread costs more than most callbacks, so all callbacks of a pass of the event
 * loop are handed over at once, to one thread, and to none as long as one is at work:
 *
 * <pre>
 *   event loop:  callback, callback, …, end of the pass ──▶ one drainer, unless one is at work
 *                every millisecond in which callbacks wait:  one that has waited for a whole one ──▶ more drainers
 *   drainer:     callback after callback, until there is none
 * </pre>
 *
 * A drainer whose callback blocks or takes long is therefore replaced within two milliseconds, and no callback holds up
 * another one for longer.
 *
 * <p>The other way round, what callbacks ask of the event loop while others wait behind them is held back, to go there
 * together: at the end of the drainer, or with the next look, which there is as long as callbacks wait.
 */
final class CallbackQueue implements Callbacks {

    private static final Logger LOG = LoggerFactory.getLogger(CallbackQueue.class);

    private static final long LOOK_MILLIS = 1;
    /** Whose drainer the current thread is. */
    private static final ThreadLocal<@Nullable CallbackQueue> DRAINED = new ThreadLocal<>();

    private final ScheduledExecutorService loop;
    private final Executor threads;
    private final int parallelism;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    /** What drainers ask of the event loop and have not woken it for. */
    private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();

    private final AtomicLong taken = new AtomicLong();
    /** Drainers that have not ended, at work or not begun. */
    private final AtomicInteger drainers = new AtomicInteger();
    /** The one that will not end before the queue is empty, as far as is known; null if none is. */
    private final AtomicReference<@Nullable Drainer> active = new AtomicReference<>();

    private boolean passEnds;
    private boolean looking;
    private long added;
    private long addedBefore;
    private long takenBefore;

    /**
     * An empty queue.
     *
     * @param loop the event loop
     * @param threads run the drainers, as many at a time as callbacks may block
     * @param parallelism how many drainers there may be while none of them is stuck
     */
    CallbackQueue(ScheduledExecutorService loop, Executor threads, int parallelism) {
        this.loop = loop;
        this.threads = threads;
        this.parallelism = parallelism;
    }

    @Override
    public void execute(Runnable callback) {
        waiting.add(callback);
        added++;
        if (!passEnds) {
            passEnds = true;
            loop.execute(this::endOfPass);
        }
    }

    /** Within some two milliseconds if a callback asks for it. */
    @Override
    public void executeOnLoop(Runnable task) {
        if (DRAINED.get() != this || waiting.isEmpty()) {
            loop.execute(task);
            return;
        }
        held.add(task);
        // Whoever takes a callback that waits now sees what is held; nobody might if none does.
        if (waiting.isEmpty()) {
            loop.execute(this::runHeld);
        }
    }

    private void runHeld() {
        for (Runnable next = held.poll(); next != null; next = held.poll()) {
            // A task of its own, so that the others do not end with one that fails.
            loop.execute(next);
        }
    }

    private void endOfPass() {
        passEnds = false;
        boolean started = active.get() == null && startDrainer();
        // The first callback of a drainer that has just been woken, and is the only one, waits for nobody.
        if (!looking && added - taken.get() > (started && drainers.get() == 1 ? 1 : 0)) {
            lookLater();
        }
    }

    /** False if the threads are not there any more, or not yet again. */
    private boolean startDrainer() {
        Drainer drainer = new Drainer();
        active.set(drainer);
        drainers.incrementAndGet();
        try {
            threads.execute(drainer);
            return true;
        } catch (RejectedExecutionException e) {
            drainers.decrementAndGet();
            active.set(null);
            return false;
        }
    }

    private void lookLater() {
        looking = true;
        addedBefore = added;
        takenBefore = taken.get();
        loop.schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        looking = false;
        runHeld();
        long now = taken.get();
        if (now == added) {
            return;
        }
        if (now < addedBefore) {
            help(now == takenBefore);
        }
        lookLater();
    }

    /** A callback has waited for a whole period; as many drainers as are stuck are joined by others. */
    private void help(boolean stuck) {
        Drainer last = active.get();
        if (last != null && !last.begun) {
            // Threads are what is missing.
            return;
        }
        int wanted = stuck ? Math.max(1, drainers.get()) : Math.min(1, parallelism - drainers.get());
        long started = 0;
        while (started < Math.min(wanted, added - taken.get()) && startDrainer()) {
            started++;
        }
    }

    /** Runs callbacks until there is none; then at most one of those at work is known as the active one. */
    private final class Drainer implements Runnable {

        private volatile boolean begun;

        @Override
        public void run() {
            begun = true;
            DRAINED.set(CallbackQueue.this);
            do {
                for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
                    taken.incrementAndGet();
                    run(next);
                }
                sendHeld();
            } while (!hasEnded());
            DRAINED.remove();
            drainers.decrementAndGet();
        }

        private void sendHeld() {
            try {
                if (!held.isEmpty()) {
                    loop.execute(CallbackQueue.this::runHeld);
                }
            } catch (RejectedExecutionException e) {
                LOG.trace("The event loop has ended", e);
            }
        }

        private static void run(Runnable callback) {
            try {
                callback.run();
            } catch (Throwable e) {
                // The others must not wait for ever.
                LOG.warn("A callback was not run", e);
            }
        }

        /** Who adds a callback and still sees this one as active is seen here. */
        private boolean hasEnded() {
            active.compareAndSet(this, null);
            return waiting.isEmpty() || !active.compareAndSet(null, this);
        }
    }
}
