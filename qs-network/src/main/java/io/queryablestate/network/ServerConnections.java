package io.queryablestate.network;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.FlinkFailureEncoder;
import io.queryablestate.messages.Hello;
import io.queryablestate.messages.QueryableStateException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The open connections of one server, and what they need to know of it. Thread-safe. */
public final class ServerConnections {

    /** A hello fits. */
    private static final int MAX_STRANGERS_BYTES = 4 * 1024;

    private final ServerOptions options;
    private final RequestStats stats;
    private final Set<AbstractServerHandler> open = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private final FlinkFailureEncoder version1Failures;
    private volatile boolean draining;

    /**
     * No connections yet.
     *
     * @param name what the server calls itself in errors
     */
    public ServerConnections(String name, ServerOptions options, RequestStats stats) {
        this.options = options;
        this.stats = stats;
        this.version1Failures = new FlinkFailureEncoder(name);
    }

    ServerOptions options() {
        return options;
    }

    RequestStats stats() {
        return stats;
    }

    FlinkFailureEncoder version1Failures() {
        return version1Failures;
    }

    /** Why a peer that says this is not served, or null if it is. */
    @Nullable
    QueryableStateException refusal(Hello hello) {
        if (hello.lowestVersion() > Hello.VERSION || hello.highestVersion() < Hello.VERSION) {
            return new QueryableStateException(
                    ErrorCode.PROTOCOL_VIOLATION,
                    "versions " + hello.lowestVersion() + " to " + hello.highestVersion() + ", expected "
                            + Hello.VERSION);
        }
        if (!isExpected(hello.token())) {
            return new QueryableStateException(ErrorCode.FORBIDDEN, "the token is not the one expected");
        }
        String clusterId = options.clusterId();
        if (!hello.clusterId().isEmpty()
                && !clusterId.isEmpty()
                && !hello.clusterId().equals(clusterId)) {
            return new QueryableStateException(ErrorCode.FORBIDDEN, "this is not the cluster that was asked for");
        }
        return null;
    }

    /** Compares in a time that does not depend on where the two differ. */
    private boolean isExpected(String token) {
        byte[] expected = options.token().getBytes(StandardCharsets.UTF_8);
        return expected.length == 0 || MessageDigest.isEqual(expected, token.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether peers may speak version 1, which has no token. */
    boolean allowsVersion1() {
        return options.token().isEmpty();
    }

    /** The longest frame that is taken from a peer that has not said who it is. */
    int maxBytesBeforeHello() {
        int limit = options.maxRequestBytes();
        return options.token().isEmpty() ? limit : Math.min(limit, MAX_STRANGERS_BYTES);
    }

    void add(AbstractServerHandler connection) {
        open.add(connection);
        if (draining) {
            drain(connection);
        }
    }

    void remove(AbstractServerHandler connection) {
        open.remove(connection);
        completeIfDrained();
    }

    /**
     * Each connection finishes what it has accepted and closes; so does one that is accepted from now on.
     *
     * @return completes when no connection is left
     */
    CompletableFuture<Void> drain() {
        draining = true;
        open.forEach(ServerConnections::drain);
        completeIfDrained();
        return drained;
    }

    /** Closes each connection at once. */
    void close() {
        open.forEach(connection -> connection.context().loop().execute(connection::closeNow));
    }

    /**
     * Resets each connection at once.
     *
     * @return completes when that is done; fails if an event loop has ended before
     */
    CompletableFuture<Void> reset() {
        return CompletableFuture.allOf(open.stream()
                .map(connection -> CompletableFuture.runAsync(
                        connection::reset, connection.context().loop()))
                .toArray(CompletableFuture[]::new));
    }

    private static void drain(AbstractServerHandler connection) {
        connection.context().loop().execute(connection::drain);
    }

    private void completeIfDrained() {
        if (draining && open.isEmpty()) {
            drained.complete(null);
        }
    }
}
