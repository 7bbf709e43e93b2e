package io.queryablestate.server;

import io.queryablestate.network.AbstractServerBase;
import io.queryablestate.network.AbstractServerHandler;
import io.queryablestate.network.EventLoopContext;
import io.queryablestate.network.RequestStats;
import io.queryablestate.network.ServerConnections;
import io.queryablestate.network.ServerOptions;

/** The listening half of the state server. */
final class StateServer extends AbstractServerBase {

    private final KvStateRegistry registry;

    StateServer(ServerOptions options, KvStateRegistry registry, RequestStats stats) {
        super("Queryable State Server", options, stats);
        this.registry = registry;
    }

    @Override
    protected AbstractServerHandler newHandler(ServerConnections connections, EventLoopContext context) {
        return new StateServerHandler(connections, context, registry);
    }

    @Override
    protected void onStopped() {
        // The registry belongs to whoever made it, and may outlive the server.
    }
}
