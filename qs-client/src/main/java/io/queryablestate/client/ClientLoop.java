package io.queryablestate.client;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.JobId;
import io.queryablestate.network.CallbackEventLoop;
import io.queryablestate.network.Deadline;
import io.queryablestate.network.DeadlineWheel;
import io.queryablestate.network.EventLoopContext;
import io.queryablestate.network.PeerConnections;
import io.queryablestate.network.RequestStats;
import io.queryablestate.network.RetryBudget;
import io.queryablestate.routing.CachedLocation;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one event loop of a client owns: its connections to proxies and state servers, and its retry budget. */
final class ClientLoop {

    private static final Logger LOG = LoggerFactory.getLogger(ClientLoop.class);
    private static final Failure CLOSED = new Failure(ErrorCode.CLIENT_CLOSED, "the client is closed", true);

    /** Once a millisecond while the client closes. */
    private static final int MAX_LOOKS = 2_000;

    private final EventLoopContext context;
    private final Runnable beforeWaiting;
    private final ClientOptions options;
    private final Executor callbacks;
    private final AtomicInteger openRequests;
    private final PeerConnections connections;
    private final ProxyConnections proxies;
    private final StateServers stateServers;
    private final @Nullable DirectRoutes routes;
    private final RetryBudget retries;
    private boolean closed;

    ClientLoop(
            CallbackEventLoop eventLoop,
            ClientOptions options,
            Executor callbacks,
            AtomicInteger openRequests,
            int firstProxy,
            @Nullable DirectRoutes routes) {
        this.beforeWaiting = eventLoop::handOver;
        this.context = eventLoop.context();
        this.options = options;
        this.callbacks = callbacks;
        this.openRequests = openRequests;
        this.connections = new PeerConnections(context, options.connections());
        this.proxies = new ProxyConnections(options.proxies(), connections, firstProxy);
        this.stateServers = new StateServers(context, connections);
        this.routes = routes;
        this.retries = new RetryBudget(context.nanoTime());
    }

    /** Begins a call. Any thread. */
    void submit(ClientCall<?> call) {
        context.loop().execute(() -> begin(call));
    }

    private void begin(ClientCall<?> call) {
        retries.requested(call.weight());
        options.stats().requestStarted();
        if (closed) {
            call.fail(CLOSED);
        } else {
            call.start();
        }
    }

    /** Runs something on the event loop, unless that has ended and all its calls with it. Any thread. */
    void executeUnlessClosed(Runnable task) {
        try {
            context.loop().execute(task);
        } catch (RejectedExecutionException e) {
            LOG.trace("The event loop has ended", e);
        }
    }

    /** Runs something that may take the caller's time, or block. */
    void callback(Runnable task) {
        try {
            callbacks.execute(task);
        } catch (RuntimeException e) {
            // The caller's executor is full, shut down or broken; a future is completed all the same.
            ForkJoinPool.commonPool().execute(task);
        }
    }

    /** To be run by a thread that is about to wait for an answer; any thread. */
    Runnable beforeWaiting() {
        return beforeWaiting;
    }

    /** Whether this is the event loop's thread. */
    boolean isCurrentThread() {
        return context.loop().inEventLoop();
    }

    /** Begins a call that another one makes, within its place among the open ones. On the event loop. */
    void startAnother(ClientCall<?> call) {
        openRequests.addAndGet(call.weight());
        options.stats().requestStarted();
        call.start();
    }

    /** A call for so many keys has ended and its caller is about to be told. Any thread. */
    void ended(int keys) {
        openRequests.addAndGet(-keys);
    }

    /** Where a state is, if this client asks state servers directly and knows it. Any thread. */
    @Nullable
    CachedLocation locationOf(StateName state, JobId jobId) {
        return routes == null ? null : routes.of(state, jobId, context.loop());
    }

    StateServers stateServers() {
        return stateServers;
    }

    ProxyConnections proxies() {
        return proxies;
    }

    DeadlineWheel deadlines() {
        return context.deadlines();
    }

    /** Runs things on the event loop later. */
    ScheduledExecutorService timer() {
        return context.loop();
    }

    RetryBudget retries() {
        return retries;
    }

    RequestStats stats() {
        return options.stats();
    }

    int maxAttempts() {
        return options.maxAttempts();
    }

    long retryPauseNanos(int failures) {
        return options.retryPause().nanosAfter(failures, ThreadLocalRandom.current());
    }

    long nanoTime() {
        return context.nanoTime();
    }

    /**
     * Completes when every caller has been told or is about to be, or after a bounded time. Until then the event
     * loops must not end: they may lose a task that is handed to them at that moment. Any thread.
     */
    CompletableFuture<Void> whenNoneOpen() {
        CompletableFuture<Void> none = new CompletableFuture<>();
        context.loop().execute(() -> lookForOpen(none, MAX_LOOKS));
        return none;
    }

    private void lookForOpen(CompletableFuture<Void> none, int looks) {
        if (openRequests.get() == 0 || looks == 0) {
            none.complete(null);
        } else {
            context.loop().schedule(() -> lookForOpen(none, looks - 1), 1, TimeUnit.MILLISECONDS);
        }
    }

    /** Fails all calls and closes the connections. Any thread; completes when that is done. */
    CompletableFuture<Void> close() {
        return CompletableFuture.runAsync(
                () -> {
                    closed = true;
                    connections.close();
                    for (Deadline pending : context.deadlines().entries()) {
                        if (pending instanceof ClientCall<?> call) {
                            call.fail(CLOSED);
                        }
                    }
                },
                context.loop());
    }
}
