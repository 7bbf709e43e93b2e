package io.queryablestate.proxy;

import io.queryablestate.network.Deadline;
import io.queryablestate.network.EventLoopContext;
import io.queryablestate.network.PeerConnection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a client that reads slowly from filling the proxy: while its answers wait, the state servers they come from are
 * not read. They answer other clients too, so this lasts for {@value #GRACE_MILLIS} ms at most; a client that has not
 * caught up by then is on its own, and answers that do not fit its buffer are refused as overloaded, until it has.
 */
final class UpstreamHold {

    private static final long GRACE_MILLIS = 100;

    private final EventLoopContext context;
    private final Set<PeerConnection> held = new HashSet<>();
    private @Nullable Grace grace;
    private boolean graceUsed;

    UpstreamHold(EventLoopContext context) {
        this.context = context;
    }

    void hold(PeerConnection server) {
        if (graceUsed) {
            return;
        }
        if (held.add(server)) {
            server.pauseReading();
        }
        if (grace == null) {
            grace = new Grace(context.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GRACE_MILLIS));
            context.deadlines().add(grace);
        }
    }

    /** The client has caught up, or has gone. */
    void release() {
        graceUsed = false;
        if (grace != null) {
            context.deadlines().remove(grace);
            grace = null;
        }
        resume();
    }

    private void resume() {
        Set<PeerConnection> released = Set.copyOf(held);
        held.clear();
        released.forEach(PeerConnection::resumeReading);
    }

    private final class Grace extends Deadline {

        Grace(long untilNanos) {
            super(untilNanos);
        }

        @Override
        protected void deadlineExpired() {
            grace = null;
            graceUsed = true;
            resume();
        }
    }
}
