package io.queryablestate.proxy;

import io.queryablestate.network.Deadline;
import io.queryablestate.network.PeerConnection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one client that reads slowly from filling the proxy: while its answers wait, the state servers they come from are
 * not read. They answer other clients too, so a hold lasts for some {@value #GRACE_MILLIS} ms at most, and all slow
 * clients of an event loop together have the time that {@link HeldServers} grants. Beyond that a client is on its own, and
 * answers that do not fit its buffer are refused as overloaded.
 */
final class UpstreamHold {

    private static final long GRACE_MILLIS = 10;

    private final ProxyLoop loop;
    private final Set<PeerConnection> held = new HashSet<>();
    private @Nullable Grace grace;
    private long sinceNanos;

    UpstreamHold(ProxyLoop loop) {
        this.loop = loop;
    }

    /** The client has not taken an answer of this server. */
    void hold(PeerConnection server) {
        long now = loop.context().nanoTime();
        if (grace == null) {
            if (!loop.heldServers().mayHold(now)) {
                return;
            }
            sinceNanos = now;
            grace = new Grace(now + TimeUnit.MILLISECONDS.toNanos(GRACE_MILLIS));
            loop.context().deadlines().add(grace);
        }
        if (held.add(server)) {
            loop.heldServers().add(server);
        }
    }

    /** The client has caught up, or has gone, or its time is up. */
    void release() {
        Grace running = grace;
        if (running != null) {
            grace = null;
            loop.context().deadlines().remove(running);
            loop.heldServers().charge(loop.context().nanoTime() - sinceNanos);
            Set<PeerConnection> released = Set.copyOf(held);
            held.clear();
            released.forEach(loop.heldServers()::remove);
        }
    }

    private final class Grace extends Deadline {

        Grace(long untilNanos) {
            super(untilNanos);
        }

        @Override
        protected void deadlineExpired() {
            release();
        }
    }
}
