package io.queryablestate.network;

import io.netty.channel.IoHandlerFactory;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The event loops of a client, on daemon threads. Thread-safe. */
public final class EventLoops {

    private static final long STOP_SECONDS = 2;

    private final Followers followers;
    private final List<CallbackEventLoop> loops;

    /**
     * Starts event loops.
     *
     * @param name prefix of the thread names
     * @param threads how many there are, at least 1; there are more threads while callbacks block
     * @param buffers the byte budget of their connections
     */
    public EventLoops(String name, int threads, BufferBudget buffers) {
        this.followers = new Followers(name);
        IoHandlerFactory io = Transport.best().ioHandlers();
        this.loops = Stream.generate(() -> new CallbackEventLoop(io, followers, buffers))
                .limit(threads)
                .toList();
        followers.start(loops);
    }

    /** All of them. */
    public List<CallbackEventLoop> loops() {
        return loops;
    }

    /** Closes what is left open and ends the threads; completes when they have ended but for callbacks that run. */
    public CompletableFuture<Void> stop() {
        return CompletableFuture.allOf(loops.stream().map(EventLoops::stop).toArray(CompletableFuture[]::new))
                .whenComplete((ended, failure) -> followers.stop());
    }

    private static CompletableFuture<Void> stop(CallbackEventLoop loop) {
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        loop.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).addListener(ended -> stopped.complete(null));
        return stopped;
    }
}
