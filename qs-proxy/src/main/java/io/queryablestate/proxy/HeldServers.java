package io.queryablestate.proxy;

import io.queryablestate.network.PeerConnection;
import java.util.HashMap;
import java.util.Map;

/**
 * The state servers that one event loop does not read at the moment, since clients have not taken their answers yet, and
 * how much of its time may pass that way. Holding a server up holds up every client that asks it, so holds that last,
 * which are those of clients that read slowly, are charged to a budget of a fifth of the time; holds of less than a
 * millisecond, which are those of clients that read as fast as the network, are free.
 */
final class HeldServers {

    private static final double SHARE = 0.2;
    private static final double MAX_CREDIT_NANOS = 20_000_000;
    private static final long FREE_NANOS = 1_000_000;

    private final Map<PeerConnection, Integer> holds = new HashMap<>();
    private double creditNanos = MAX_CREDIT_NANOS;
    private long refilledNanos;

    HeldServers(long nowNanos) {
        this.refilledNanos = nowNanos;
    }

    boolean mayHold(long nowNanos) {
        creditNanos = Math.min(creditNanos + (nowNanos - refilledNanos) * SHARE, MAX_CREDIT_NANOS);
        refilledNanos = nowNanos;
        return creditNanos > 0;
    }

    /** A hold has ended after that time. */
    void charge(long nanos) {
        if (nanos > FREE_NANOS) {
            creditNanos -= nanos;
        }
    }

    /** One client more holds the server. */
    void add(PeerConnection server) {
        if (holds.merge(server, 1, Integer::sum) == 1) {
            server.pauseReading();
        }
    }

    /** One client less does. */
    void remove(PeerConnection server) {
        if (holds.merge(server, -1, HeldServers::sumOrNone) == null) {
            server.resumeReading();
        }
    }

    @SuppressWarnings("NullAway") // A map drops the entry for a null, which its type does not say.
    private static Integer sumOrNone(Integer before, Integer change) {
        return before + change == 0 ? null : before + change;
    }
}
