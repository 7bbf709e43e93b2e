package io.queryablestate.server;

import io.queryablestate.messages.ServerAddress;
import io.queryablestate.network.RequestStats;
import io.queryablestate.network.ServerHealth;
import io.queryablestate.network.ServerOptions;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/**
 * The state server of one task manager: answers requests for single keys from the states that are registered.
 *
 * <p>Thread-safe. Started once; {@link #close()} ends it for good. Its threads are daemons. The registry belongs to the
 * caller, who closes it after the server.
 */
public final class KvStateServer implements AutoCloseable {

    private final StateServer server;

    /**
     * A server that does not listen yet.
     *
     * @param registry the states it serves
     * @param stats told of connections and requests
     */
    public KvStateServer(ServerOptions options, KvStateRegistry registry, RequestStats stats) {
        this.server = new StateServer(options, registry, stats);
    }

    /**
     * Binds a port and begins to serve.
     *
     * @throws IOException if no port of the range is free or the host does not resolve; the server is then closed
     * @throws IllegalStateException if it was started before, or would serve everyone on more than the loopback address
     *     and that is not {@linkplain io.queryablestate.network.ServerSecurity#insecureExposure() allowed}
     */
    public void start() throws IOException {
        server.start();
    }

    /**
     * Where proxies reach it.
     *
     * @throws IllegalStateException if it is not listening
     */
    public ServerAddress address() {
        return server.address();
    }

    /** How far it is in its life. */
    public ServerHealth health() {
        return server.health();
    }

    /** Stops without waiting: serves what it has accepted for at most the drain timeout. Never fails. */
    public CompletableFuture<Void> stop() {
        return server.stop();
    }

    /**
     * Stops as the end of the process would: connections are reset, what is under way is dropped. For tests. Never fails.
     */
    public CompletableFuture<Void> kill() {
        return server.kill();
    }

    /** Stops and waits for the end. */
    @Override
    public void close() {
        server.close();
    }
}
