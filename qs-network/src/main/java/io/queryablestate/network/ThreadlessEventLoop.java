package io.queryablestate.network;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An event loop without a thread of its own: it belongs to whoever makes its {@linkplain #pass() passes}, which need not be the
 * same thread each time. Netty's own loops have one thread for life. Subclasses say whose it is, and see to it that what one
 * thread did in a pass has happened before the next one begins.
 */
abstract class ThreadlessEventLoop extends AbstractScheduledEventExecutor implements IoEventLoop {

    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Then it looks at its connections again. */
    private static final int MAX_TASKS = 4096;
    /** Then it ends although tasks make more tasks. */
    private static final int MAX_ROUNDS = 1024;

    private final IoHandler io;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final IoHandlerContext waiting = new Wait();
    private final Promise<Void> terminated = new DefaultPromise<>(GlobalEventExecutor.INSTANCE);
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.RUNNING);
    private boolean initialized;

    ThreadlessEventLoop(IoHandlerFactory factory) {
        this.io = factory.newHandler(this);
    }

    /** Whose it is now. */
    @Override
    public abstract boolean inEventLoop(Thread thread);

    /** Whether a pass may wait for something to do. On the event loop. */
    abstract boolean mayWait();

    /** Runs tasks, reads and writes what can be, waits if there is nothing, and runs tasks. On the event loop. */
    final void pass() {
        if (!initialized) {
            initialized = true;
            io.initialize();
        }
        if (phase.get() == Phase.RUNNING) {
            runTasks();
            io.run(waiting);
            runTasks();
        } else if (!isTerminated()) {
            end();
        }
    }

    private void runTasks() {
        fetchFromScheduledTaskQueue(tasks);
        int left = MAX_TASKS;
        for (Runnable task = tasks.poll(); task != null; task = left > 0 ? tasks.poll() : null) {
            safeExecute(task);
            left--;
        }
    }

    private void end() {
        try {
            runAllTasks();
            // Closes the connections, which leaves tasks.
            io.prepareToDestroy();
            runAllTasks();
            phase.set(Phase.STOPPED);
            runAllTasks();
            cancelScheduledTasks();
            io.destroy();
        } finally {
            phase.set(Phase.TERMINATED);
            terminated.setSuccess(null);
        }
    }

    private void runAllTasks() {
        for (int i = 0; i < MAX_ROUNDS && !tasks.isEmpty(); i++) {
            runTasks();
        }
    }

    @Override
    public final void execute(Runnable task) {
        boolean inside = inEventLoop();
        tasks.add(task);
        if (isShutdown() && tasks.remove(task)) {
            throw new RejectedExecutionException("the event loop has ended");
        }
        if (!inside) {
            io.wakeup();
        }
    }

    @Override
    public final @Nullable EventLoopGroup parent() {
        return null;
    }

    @Override
    public final IoEventLoop next() {
        return this;
    }

    @Override
    public final Future<IoRegistration> register(IoHandle handle) {
        Promise<IoRegistration> registered = newPromise();
        if (inEventLoop()) {
            register(handle, registered);
        } else {
            execute(() -> register(handle, registered));
        }
        return registered;
    }

    private void register(IoHandle handle, Promise<IoRegistration> registered) {
        try {
            registered.setSuccess(io.register(handle));
        } catch (Exception e) {
            registered.setFailure(e);
        }
    }

    @Override
    @Deprecated
    public final ChannelFuture register(Channel channel) {
        return register(new DefaultChannelPromise(channel, this));
    }

    @Override
    @Deprecated
    public final ChannelFuture register(ChannelPromise promise) {
        return register(promise.channel(), promise);
    }

    @Override
    @Deprecated
    public final ChannelFuture register(Channel channel, ChannelPromise promise) {
        channel.unsafe().register(this, promise);
        return promise;
    }

    @Override
    public final boolean isCompatible(Class<? extends IoHandle> handleType) {
        return io.isCompatible(handleType);
    }

    @Override
    public final boolean isIoType(Class<? extends IoHandler> handlerType) {
        return io.getClass().equals(handlerType);
    }

    /** Ends at once, whatever the times say: those who use it have ended by then. */
    @Override
    public final Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
        stop();
        return terminated;
    }

    private void stop() {
        if (phase.compareAndSet(Phase.RUNNING, Phase.STOPPING)) {
            io.wakeup();
        }
    }

    @Override
    @Deprecated
    public final void shutdown() {
        stop();
    }

    @Override
    public final Future<?> terminationFuture() {
        return terminated;
    }

    @Override
    public final boolean isShuttingDown() {
        return phase.get() != Phase.RUNNING;
    }

    @Override
    public final boolean isShutdown() {
        return phase.get() == Phase.STOPPED || isTerminated();
    }

    @Override
    public final boolean isTerminated() {
        return phase.get() == Phase.TERMINATED;
    }

    @Override
    public final boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return terminated.await(timeout, unit);
    }

    private enum Phase {
        RUNNING,
        STOPPING,
        /** Takes no tasks any more. */
        STOPPED,
        TERMINATED
    }

    /** How long a pass may wait. */
    private final class Wait implements IoHandlerContext {

        @Override
        public boolean canBlock() {
            return tasks.isEmpty() && !hasScheduledTasks() && !isShuttingDown() && mayWait();
        }

        @Override
        public long delayNanos(long currentTimeNanos) {
            return ThreadlessEventLoop.this.delayNanos(currentTimeNanos, LONGEST_WAIT_NANOS);
        }

        @Override
        public long deadlineNanos() {
            return nextScheduledTaskDeadlineNanos();
        }
    }
}
