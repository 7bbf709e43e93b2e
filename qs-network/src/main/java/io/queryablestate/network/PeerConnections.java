package io.queryablestate.network;

import io.queryablestate.messages.ServerAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The connections of one event loop to all servers it talks to: one to each address. Used on that event loop only, so
 * that a request and its answer never change threads here.
 */
public final class PeerConnections {

    private static final int MAX_UNUSED = 1024;

    private final EventLoopContext context;
    private final ConnectionOptions options;
    private final Version1Peers version1Peers = new Version1Peers();
    private final Map<ServerAddress, PeerConnection> connections = new HashMap<>();
    private boolean closed;

    /** No connections yet. */
    public PeerConnections(EventLoopContext context, ConnectionOptions options) {
        this.context = context;
        this.options = options;
    }

    /** The connection to a server, made when it is first used and made again when it was lost. */
    public PeerConnection to(ServerAddress address) {
        PeerConnection connection = connections.get(address);
        if (connection == null) {
            if (connections.size() >= MAX_UNUSED) {
                connections.values().removeIf(PeerConnection::isUnused);
            }
            connection = new PeerConnection(context, address, options, version1Peers);
            if (closed) {
                connection.close();
            }
            connections.put(address, connection);
        }
        return connection;
    }

    /** Closes all connections; their calls, and calls made from now on, fail as {@code CLIENT_CLOSED}. */
    public void close() {
        closed = true;
        List.copyOf(connections.values()).forEach(PeerConnection::close);
    }
}
