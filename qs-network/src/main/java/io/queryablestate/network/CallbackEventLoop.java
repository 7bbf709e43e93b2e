package io.queryablestate.network;

import io.netty.channel.IoHandlerFactory;
import io.netty.util.internal.ThreadExecutorMap;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An event loop whose thread runs the callbacks of a pass itself, after the pass, since waking another thread costs more than
 * most callbacks. While it does, the loop has no thread; if that takes long, another one goes on with the loop. This is the
 * pattern Leader/Followers (Schmidt and others, 2000).
 *
 * <pre>
 *   leader:    I/O and tasks, callback, callback, …, I/O and tasks, …
 *   watch:     each millisecond in which callbacks run:  the same one as before ──▶ a follower takes the loop over
 *                                                        none was taken by anybody ──▶ more helpers
 *   follower:  takes over and leads; the former leader helps until no callback waits, and is a follower again
 * </pre>
 *
 * <p>A callback may therefore block: that holds I/O up for some two milliseconds. Callbacks that take their time without
 * blocking are interrupted by I/O once in a millisecond, and get helpers up to the number of processors; for more, all
 * must have been at one callback each for a millisecond.
 *
 * <p>Who leads is a counter, even while the leader is the event loop's thread, odd while it runs callbacks and may be
 * replaced. It moves on with each callback, so that whoever moves it from the value he has seen has won.
 */
public final class CallbackEventLoop extends ThreadlessEventLoop {

    private static final Logger LOG = LoggerFactory.getLogger(CallbackEventLoop.class);

    private static final int AT_LEAST_TWO = 2;
    /** The turn while a follower takes over: odd, and nobody's to take. */
    private static final long CHANGING_HANDS = -1;
    /** So many callbacks may block at a time; further ones wait, but never the loop. */
    private static final int MAX_HELPERS = 256;

    private static final long PAUSE_AFTER_FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Followers followers;
    private final EventLoopContext context;
    private final int parallelism = Math.max(AT_LEAST_TWO, Runtime.getRuntime().availableProcessors());
    private final Queue<Runnable> callbacks = new ConcurrentLinkedQueue<>();
    private final AtomicLong turn = new AtomicLong();
    private volatile @Nullable Thread leader;
    /** Threads that run callbacks and do not lead. */
    private final AtomicInteger helpers = new AtomicInteger();
    /** Callbacks that those have run. */
    private final AtomicLong helped = new AtomicLong();
    /** One has been asked for and has not come yet. */
    private volatile boolean successorComes;

    // What the watch has seen last.
    private long turnSeen;
    private long progressSeen;

    CallbackEventLoop(IoHandlerFactory factory, Followers followers, BufferBudget buffers) {
        super(factory);
        this.followers = followers;
        this.context = new EventLoopContext(this, buffers);
    }

    /** What the connections of the loop share. */
    public EventLoopContext context() {
        return context;
    }

    /** Runs a callback after the current pass; it may take its time, or block. On the event loop. */
    public void executeCallback(Runnable callback) {
        callbacks.add(callback);
        followers.watch();
    }

    /**
     * Gives the loop to another thread now if the current thread, in a callback, is about to wait for what only the loop
     * can bring; does nothing otherwise. Any thread.
     */
    public void handOver() {
        long now = turn.get();
        if (leader == Thread.currentThread() && mayBeTaken(now) && !successorComes) {
            startSuccessor(now);
        }
    }

    /** False for every thread while callbacks run. */
    @Override
    public boolean inEventLoop(Thread thread) {
        // In this order: who takes the loop over says so before the turn is even again.
        return isIo(turn.get()) && leader == thread;
    }

    private static boolean isIo(long turn) {
        return (turn & 1) == 0;
    }

    private static boolean mayBeTaken(long turn) {
        return !isIo(turn) && turn != CHANGING_HANDS;
    }

    /** Leads until the loop has ended, or another thread does. */
    void lead() {
        leader = Thread.currentThread();
        while (!isTerminated()) {
            makePass();
            if (isCallbackForLeader() && !runCallbacks()) {
                return;
            }
        }
        // Those of the last pass.
        helpers.incrementAndGet();
        help();
    }

    private void makePass() {
        try {
            pass();
        } catch (RuntimeException | Error e) {
            LOG.warn("A pass of an event loop has failed", e);
            LockSupport.parkNanos(PAUSE_AFTER_FAILURE_NANOS);
        }
    }

    @Override
    boolean mayWait() {
        return !isCallbackForLeader();
    }

    private boolean isCallbackForLeader() {
        return !callbacks.isEmpty() && helpers.get() < parallelism;
    }

    /** Runs callbacks until there is none, or I/O has waited for a millisecond. False if another thread leads now. */
    private boolean runCallbacks() {
        long mine = turn.get() + 1;
        turn.set(mine);
        long began = followers.ticks();
        for (Runnable next = callbacks.poll(); next != null; next = callbacks.poll()) {
            runOne(next);
            if (!turn.compareAndSet(mine, mine + 2)) {
                help();
                return false;
            }
            mine += 2;
            if (followers.ticks() != began) {
                break;
            }
        }
        if (!turn.compareAndSet(mine, mine + 1)) {
            help();
            return false;
        }
        if (!callbacks.isEmpty() && helpers.get() + 1 < parallelism) {
            startHelper();
        }
        return true;
    }

    private static void runOne(Runnable callback) {
        try {
            callback.run();
        } catch (Throwable e) {
            // The others must not wait for ever.
            LOG.warn("A callback was not run", e);
        }
        if (Thread.interrupted()) {
            LOG.debug("A callback has left its thread interrupted");
        }
    }

    /** Runs callbacks until there is none; counted as a helper by whoever made it one. */
    private void help() {
        do {
            for (Runnable next = callbacks.poll(); next != null; next = callbacks.poll()) {
                runOne(next);
                helped.incrementAndGet();
            }
        } while (!hasEndedHelping());
    }

    /** A leader that left a callback to this helper, or does so just now, is seen here. */
    private boolean hasEndedHelping() {
        helpers.decrementAndGet();
        if (callbacks.isEmpty()) {
            return true;
        }
        helpers.incrementAndGet();
        return false;
    }

    /** False if there are enough, or no thread for one more. */
    private boolean startHelper() {
        boolean started = helpers.incrementAndGet() <= MAX_HELPERS && followers.start(this::help);
        if (!started) {
            helpers.decrementAndGet();
        }
        return started;
    }

    private void startSuccessor(long seen) {
        boolean started = false;
        successorComes = true;
        try {
            started = followers.start(leading(() -> succeed(seen)));
        } finally {
            if (!started) {
                successorComes = false;
            }
        }
    }

    /** Netty's allocator keeps buffers of their own for threads of which it knows that they are an event loop's. */
    Runnable leading(Runnable leader) {
        return ThreadExecutorMap.apply(leader, this);
    }

    private void succeed(long seen) {
        successorComes = false;
        if (turn.compareAndSet(seen, CHANGING_HANDS)) {
            helpers.incrementAndGet();
            leader = Thread.currentThread();
            turn.set(seen + 1);
            lead();
        }
    }

    /**
     * Looks whether callbacks are stuck. Once in a millisecond, by one thread.
     *
     * @return whether anything has moved since the last look, or waits
     */
    boolean look() {
        long now = turn.get();
        long progress = now + helped.get();
        boolean moved = progress != progressSeen;
        if (mayBeTaken(now) && now == turnSeen) {
            if (!successorComes) {
                startSuccessor(now);
            }
        } else if (!moved && helpers.get() > 0 && !callbacks.isEmpty()) {
            int stuck = helpers.get();
            while (stuck > 0 && startHelper()) {
                stuck--;
            }
        }
        turnSeen = now;
        progressSeen = progress;
        return moved || !isIo(now) || !callbacks.isEmpty();
    }
}
