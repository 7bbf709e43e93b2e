package io.queryablestate.client;

import io.queryablestate.messages.ServerAddress;
import io.queryablestate.network.EventLoopContext;
import io.queryablestate.network.PeerConnection;
import io.queryablestate.network.PeerConnections;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The state servers that one event loop of a client asks directly. Only those to which there is a connection: no request
 * waits for one. It is made in the background, at most once in {@value #RETRY_SECONDS} s for each address, so a server that
 * cannot be reached from here costs nothing but that. Used on the event loop.
 */
final class StateServers {

    private static final long RETRY_SECONDS = 5;
    private static final int MAX_REMEMBERED = 1024;

    private final EventLoopContext context;
    private final PeerConnections connections;
    private final Map<ServerAddress, Long> notBefore = new HashMap<>();

    StateServers(EventLoopContext context, PeerConnections connections) {
        this.context = context;
        this.connections = connections;
    }

    /** The connection to a server if it can be used now; else one is made for later, unless that was tried a moment ago. */
    @Nullable
    PeerConnection connected(ServerAddress address) {
        PeerConnection connection = connections.to(address);
        if (connection.isReady()) {
            return connection;
        }
        long now = context.nanoTime();
        Long pausedUntil = notBefore.get(address);
        if (pausedUntil == null || now - pausedUntil >= 0) {
            if (notBefore.size() >= MAX_REMEMBERED) {
                notBefore.clear();
            }
            notBefore.put(address, now + TimeUnit.SECONDS.toNanos(RETRY_SECONDS));
            connection.prepare();
        }
        return null;
    }
}
