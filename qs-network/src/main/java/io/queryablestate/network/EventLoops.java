package io.queryablestate.network;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The event loops of a client, on daemon threads. Thread-safe. */
public final class EventLoops {

    private static final long STOP_SECONDS = 2;

    private final EventLoopGroup group;
    private final List<EventLoopContext> contexts = new ArrayList<>();

    /**
     * Starts event loops.
     *
     * @param name prefix of the thread names
     * @param threads at least 1
     * @param buffers the byte budget of their connections
     */
    public EventLoops(String name, int threads, BufferBudget buffers) {
        this.group = Transport.best().newEventLoops(name, threads);
        for (EventExecutor loop : group) {
            contexts.add(new EventLoopContext((EventLoop) loop, buffers));
        }
    }

    /** One context for each event loop. */
    public List<EventLoopContext> contexts() {
        return List.copyOf(contexts);
    }

    /** Closes what is left open and ends the threads; completes when they have ended. */
    public CompletableFuture<Void> stop() {
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        group.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).addListener(ended -> stopped.complete(null));
        return stopped;
    }
}
