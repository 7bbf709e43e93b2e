package io.queryablestate.network;

import io.netty.channel.IoHandlerFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The event loops of a client, on daemon threads. Thread-safe. */
public final class EventLoops {

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
        this.loops = newLoops(threads, followers, buffers);
        followers.start(loops);
    }

    private static List<CallbackEventLoop> newLoops(int threads, Followers followers, BufferBudget buffers) {
        IoHandlerFactory io = Transport.best().ioHandlers();
        List<CallbackEventLoop> made = new ArrayList<>();
        try {
            for (int i = 0; i < threads; i++) {
                made.add(new CallbackEventLoop(io, followers, buffers));
            }
        } catch (RuntimeException | Error e) {
            // Without descriptors for all, those of the first ones are given back.
            for (CallbackEventLoop loop : made) {
                stop(loop);
                loop.lead();
            }
            throw e;
        }
        return List.copyOf(made);
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
        loop.shutdownGracefully().addListener(ended -> stopped.complete(null));
        return stopped;
    }
}
