package io.queryablestate.network;

import io.netty.channel.EventLoop;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the connections of one event loop share: its clock, its deadlines, the byte budget, and a timer that looks at
 * each connection once a second while there are any. Everything but the constructor and {@link #loop()} is used on the
 * event loop only.
 */
public final class EventLoopContext {

    private static final Logger LOG = LoggerFactory.getLogger(EventLoopContext.class);

    private static final long WATCH_SECONDS = 1;

    private final EventLoop loop;
    private final BufferBudget budget;
    private final DeadlineWheel deadlines;
    private final Set<Watched> watched = new LinkedHashSet<>();
    private boolean watching;
    private int requestsInFlight;

    /** The context of a loop; one for each server or client that uses the loop. */
    public EventLoopContext(EventLoop loop, BufferBudget budget) {
        this.loop = loop;
        this.budget = budget;
        this.deadlines = new DeadlineWheel(loop);
    }

    /** The event loop. Any thread may ask for it. */
    public EventLoop loop() {
        return loop;
    }

    /** The deadlines of the requests on this loop. */
    public DeadlineWheel deadlines() {
        return deadlines;
    }

    BufferBudget budget() {
        return budget;
    }

    /** The clock of the loop, in nanoseconds. */
    public long nanoTime() {
        return deadlines.nanoTime();
    }

    /** How many requests are under way at the server, on this loop. */
    int requestsInFlight() {
        return requestsInFlight;
    }

    void exchangeOpened(int requests) {
        requestsInFlight += requests;
    }

    void exchangeEnded(int requests) {
        requestsInFlight -= requests;
    }

    void watch(Watched connection) {
        watched.add(connection);
        if (!watching) {
            watching = true;
            loop.schedule(this::look, WATCH_SECONDS, TimeUnit.SECONDS);
        }
    }

    void unwatch(Watched connection) {
        watched.remove(connection);
    }

    private void look() {
        long now = nanoTime();
        for (Watched connection : List.copyOf(watched)) {
            try {
                connection.look(now);
            } catch (RuntimeException e) {
                // The other connections must not lose their limits with this one.
                LOG.warn("A connection could not be looked at", e);
            }
        }
        watching = !watched.isEmpty();
        if (watching) {
            loop.schedule(this::look, WATCH_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** A connection with limits on how long its peer may stay silent or stuck. */
    interface Watched {
        /** Called once a second with the loop's time. */
        void look(long nowNanos);
    }
}
