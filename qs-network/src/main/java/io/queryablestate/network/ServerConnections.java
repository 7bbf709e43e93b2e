package io.queryablestate.network;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.FlinkFailureEncoder;
import io.queryablestate.messages.Hello;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.QueryableStateException;
import java.net.SocketAddress;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open connections of one server, and what they need to know of it. Thread-safe. */
public final class ServerConnections {

    private static final Logger LOG = LoggerFactory.getLogger(ServerConnections.class);

    /** Connections beyond the limit that may be open until they have been told so; more are closed unheard. */
    private static final int MAX_SURPLUS = 100;

    /** A hello fits. */
    static final int MAX_STRANGERS_BYTES = 4 * 1024;

    private final ServerOptions options;
    private final RequestStats stats;
    private final Set<AbstractServerHandler> open = ConcurrentHashMap.newKeySet();
    /** Those in {@code open}, which would have to count them. */
    private final AtomicInteger numberOpen = new AtomicInteger();

    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private final FlinkFailureEncoder version1Failures;
    private final RefusalLog refusals;
    private final RateLimitedLog accessLog = new RateLimitedLog(LOG, System::nanoTime);
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
        this.refusals = new RefusalLog(LOG, name, System::nanoTime);
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

    /** Of peers that are not served. */
    RefusalLog refusals() {
        return refusals;
    }

    /**
     * Who a peer is that says this.
     *
     * @param certified who it is by its certificate; anonymous without one
     * @throws QueryableStateException if it is not served
     */
    Identity admit(Hello hello, Identity certified) {
        if (hello.lowestVersion() > Hello.VERSION || hello.highestVersion() < Hello.VERSION) {
            throw new QueryableStateException(
                    ErrorCode.PROTOCOL_VIOLATION,
                    "versions " + hello.lowestVersion() + " to " + hello.highestVersion() + ", expected "
                            + Hello.VERSION);
        }
        Identity peer = options.security().admit(hello.token(), certified);
        String clusterId = options.clusterId();
        if (!hello.clusterId().isEmpty()
                && !clusterId.isEmpty()
                && !hello.clusterId().equals(clusterId)) {
            throw new QueryableStateException(ErrorCode.FORBIDDEN, "this is not the cluster that was asked for");
        }
        return peer;
    }

    /** Whether a peer may read a state. A policy that fails forbids. */
    boolean mayRead(Identity peer, JobId job, String stateName) {
        try {
            return options.security().access().mayRead(peer, job, stateName);
        } catch (RuntimeException e) {
            accessLog.warn("The access policy threw, which forbids", e);
            return false;
        }
    }

    /** Who a peer is by its certificate, which TLS has checked where one is required. */
    Identity certified(SslHandler tls) {
        TlsOptions required = options.security().tls();
        if (required == null || !required.clientCertificates()) {
            return Identity.ANONYMOUS;
        }
        try {
            return new Identity(tls.engine().getSession().getPeerPrincipal().getName());
        } catch (SSLPeerUnverifiedException e) {
            throw new IllegalStateException("a handshake without the certificate that it requires", e);
        }
    }

    /** A peer could not agree on TLS with this server. Whoever did not even try is told so, in the clear as it asked. */
    void tlsFailed(ChannelHandlerContext connection, Throwable cause) {
        SocketAddress peer = connection.channel().remoteAddress();
        if (TlsFailures.isClosed(cause)) {
            LOG.debug("{} has gone before TLS was agreed upon", peer);
            return;
        }
        refusals.refused(peer, "no TLS: " + TlsFailures.describe(cause));
        if (TlsFailures.isPlaintext(cause)) {
            ByteBuf answer = connection.alloc().buffer();
            new Failure(ErrorCode.TLS_FAILED, "this port takes TLS only").encode(answer, Version2Answers.NO_REQUEST);
            connection.pipeline().firstContext().writeAndFlush(answer);
        }
    }

    /** Whether peers may speak version 1, which cannot say who asks. */
    boolean allowsVersion1() {
        return options.security().version1();
    }

    /** The longest frame that is taken from a peer that has not said who it is. */
    int maxBytesBeforeHello() {
        int limit = options.maxRequestBytes();
        return allowsVersion1() ? limit : Math.min(limit, MAX_STRANGERS_BYTES);
    }

    /** A connection was made; false if it is one too many. */
    boolean add(AbstractServerHandler connection) {
        open.add(connection);
        int number = numberOpen.incrementAndGet();
        if (draining) {
            drain(connection);
        } else if (number > options.maxConnections() + MAX_SURPLUS) {
            connection.closeNow();
        }
        return number <= options.maxConnections();
    }

    void remove(AbstractServerHandler connection) {
        if (open.remove(connection)) {
            numberOpen.decrementAndGet();
        }
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
