package io.queryablestate.client;

import io.queryablestate.messages.ServerAddress;
import io.queryablestate.network.PeerConnection;
import io.queryablestate.network.PeerConnections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The proxies that one event loop of a client asks, in turn. One that is connected goes before one that is not; those
 * that are not are connected in the background meanwhile, so a proxy that has come back is used again. Used on the event
 * loop.
 */
final class ProxyConnections {

    private static final int READY = 0;
    private static final int CONNECTING = 1;
    private static final int UNAVAILABLE = 2;
    private static final int AVOIDED = 10;

    private final List<ServerAddress> addresses;
    private final PeerConnections connections;
    private int next;

    ProxyConnections(List<ServerAddress> addresses, PeerConnections connections, int first) {
        this.addresses = addresses;
        this.connections = connections;
        this.next = first % addresses.size();
    }

    /**
     * The proxy whose turn it is.
     *
     * @param avoided proxies to be used only if there is no other
     */
    PeerConnection choose(@Nullable Set<ServerAddress> avoided) {
        if (addresses.size() == 1) {
            return connections.to(addresses.get(0));
        }
        int first = next;
        next = (next + 1) % addresses.size();
        PeerConnection best = null;
        int bestRank = Integer.MAX_VALUE;
        for (int i = 0; i < addresses.size(); i++) {
            ServerAddress address = addresses.get((first + i) % addresses.size());
            PeerConnection candidate = connections.to(address);
            int rank = rank(candidate) + (avoided != null && avoided.contains(address) ? AVOIDED : 0);
            if (rank < bestRank) {
                best = candidate;
                bestRank = rank;
            }
            if (rank == READY) {
                break;
            }
        }
        if (best == null) {
            throw new IllegalStateException("a client without proxies");
        }
        return best;
    }

    PeerConnection connectionTo(ServerAddress address) {
        return connections.to(address);
    }

    int count() {
        return addresses.size();
    }

    /** Whether there is a proxy beyond these. */
    boolean hasOther(Set<ServerAddress> tried) {
        return tried.size() < addresses.size();
    }

    private static int rank(PeerConnection candidate) {
        if (candidate.isReady()) {
            return READY;
        }
        candidate.prepare();
        return candidate.isUnavailable() ? UNAVAILABLE : CONNECTING;
    }
}
