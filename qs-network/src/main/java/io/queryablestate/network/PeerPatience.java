package io.queryablestate.network;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How long a server bears with one peer that is silent or slow. Looks once a second; used on the event loop. */
final class PeerPatience {

    private static final long HANDSHAKE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(5);
    /** What a peer may send within a second; ours send one in thirty. */
    static final int MAX_PINGS = 100;

    private static final long PING_WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final AbstractServerHandler peer;
    private long handshakeSinceNanos;
    private long congestedSinceNanos;
    private boolean congested;
    private long pingWindowNanos;
    private int pings;
    /** Requests that have come, less the cancels that have. */
    private long uncancelled;

    PeerPatience(AbstractServerHandler peer) {
        this.peer = peer;
    }

    /** From now on the peer has some seconds to say something sensible. */
    void handshakeBegins(long nowNanos) {
        handshakeSinceNanos = nowNanos;
    }

    /** The peer has taken what it was behind with. A busy one may well be behind again each time somebody looks. */
    void peerReads() {
        congested = false;
    }

    /** Whether one more ping is bearable. */
    boolean bearsPing(long nowNanos) {
        if (nowNanos - pingWindowNanos >= PING_WINDOW_NANOS) {
            pingWindowNanos = nowNanos;
            pings = 0;
        }
        pings++;
        return pings <= MAX_PINGS;
    }

    /** A request has come, which may be cancelled once. */
    void requestBegins() {
        uncancelled++;
    }

    /** Whether one more cancel is bearable. Each costs a search, and there is a request for each that is meant. */
    boolean bearsCancel() {
        return --uncancelled >= 0;
    }

    /** Why the peer is to be given up, or null if it is not. */
    @Nullable
    String end(long nowNanos) {
        boolean isCongested = peer.isCongested();
        if (isCongested && !congested) {
            congestedSinceNanos = nowNanos;
        }
        congested = isCongested;
        // A long first frame of version 1 may take its time; it is watched as every frame is.
        if (!peer.isGreeted() && !peer.isReceivingRequest() && nowNanos - handshakeSinceNanos > HANDSHAKE_NANOS) {
            return "no hello and no request";
        }
        if (peer.isFrameOverdue(nowNanos)) {
            return "a frame was begun and not finished";
        }
        if (congested && nowNanos - congestedSinceNanos > STUCK_NANOS) {
            return "answers are not read";
        }
        return peer.isIdle() && nowNanos - peer.lastReadNanos() > IDLE_NANOS ? "idle" : null;
    }
}
