package io.queryablestate.network;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.queryablestate.messages.ServerAddress;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.PrimitiveIterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server on the shared network module: binds the first free port of its range, makes a handler for each connection,
 * drains and stops within a bounded time. Subclasses say how a connection is handled and what else is to be stopped.
 *
 * <p>Thread-safe. A server is started once and cannot be started again after it was stopped.
 */
public abstract class AbstractServerBase implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AbstractServerBase.class);

    private static final WriteBufferWaterMark WATER_MARKS = new WriteBufferWaterMark(32 * 1024, 64 * 1024);
    private static final int ACCEPT_BACKLOG = 1024;
    private static final long LOOP_STOP_SECONDS = 2;

    private final String name;
    private final ServerOptions options;
    private final ServerConnections connections;
    private final ConcurrentMap<EventLoop, EventLoopContext> contexts = new ConcurrentHashMap<>();
    private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private volatile @Nullable Listening listening;

    /**
     * A server that does not listen yet and has no threads.
     *
     * @param name what it calls itself in errors, logs and thread names, e.g. {@code "Queryable State Proxy"}
     */
    protected AbstractServerBase(String name, ServerOptions options, RequestStats stats) {
        this.name = name;
        this.options = options;
        this.connections = new ServerConnections(name, options, stats);
    }

    /** A handler for a new connection. Called on the event loop of the connection. */
    protected abstract AbstractServerHandler newHandler(ServerConnections connections, EventLoopContext context);

    /**
     * Stops what the subclass has started, once no peer is connected any more. Channels that it has opened on the event
     * loops are closed here: loops that end do not always close theirs. The loops still run. May block for a bounded
     * time.
     */
    protected abstract void onStopped();

    /**
     * Binds the first port of the range that is free and begins to accept connections.
     *
     * @throws IOException if no port of the range can be bound, or the host does not resolve; the server is then stopped
     * @throws IllegalStateException if it was started before, or is stopped meanwhile; or if it would serve everyone on
     *     more than the loopback address and that is not {@linkplain ServerSecurity#insecureExposure() allowed}
     */
    public final void start() throws IOException {
        if (!state.compareAndSet(State.NEW, State.STARTED)) {
            throw new IllegalStateException(name + " was started before");
        }
        InetAddress bindAddress;
        try {
            bindAddress = InetAddress.getByName(options.bindHost());
        } catch (IOException e) {
            stop();
            throw new IOException(
                    name + " cannot listen on \"" + options.bindHost() + "\": the name does not resolve", e);
        }
        checkExposure(bindAddress);
        EventLoopGroup loops = Transport.best().newEventLoops(threadName(), options.eventLoopThreads());
        try {
            listening = new Listening(loops, bindFirstFree(bootstrap(loops), bindAddress));
        } catch (IOException | RuntimeException e) {
            loops.shutdownGracefully(0, LOOP_STOP_SECONDS, TimeUnit.SECONDS);
            stop();
            throw e;
        }
        if (state.get() == State.STOPPED) {
            // Stopped by another thread, which may not have seen that there is something to stop.
            loops.shutdownGracefully(0, LOOP_STOP_SECONDS, TimeUnit.SECONDS);
            throw new IllegalStateException(name + " was stopped while it started");
        }
        LOG.info("{} listens on {}", name, address());
    }

    /** Refuses to offer every state to everyone, unless that is what was asked for. */
    private void checkExposure(InetAddress bindAddress) {
        ServerSecurity security = options.security();
        if (bindAddress.isLoopbackAddress() || security.insecureExposure()) {
            return;
        }
        if (!security.authenticates()) {
            stop();
            throw new IllegalStateException(name + " would let everyone who reaches " + options.bindHost()
                    + " read every state: set tokens or require client certificates, or allow insecure exposure");
        }
        if (security.tls() == null) {
            LOG.warn("{} on {} speaks no TLS: tokens and values can be read on the way", name, options.bindHost());
        }
    }

    /** How far it is in its life. Any thread may ask. */
    public final ServerHealth health() {
        if (state.get() == State.STOPPED) {
            return stopped.isDone() ? ServerHealth.STOPPED : ServerHealth.DRAINING;
        }
        return listening == null ? ServerHealth.STARTING : ServerHealth.READY;
    }

    /**
     * Where others reach this server: the advertised host and the port that was bound.
     *
     * @throws IllegalStateException if it is not listening
     */
    public final ServerAddress address() {
        Listening current = listening;
        if (current == null) {
            throw new IllegalStateException(name + " is not listening");
        }
        return new ServerAddress(options.advertisedHost(), current.port());
    }

    /**
     * Stops: takes no new connections or requests, works for at most the drain timeout on what it has accepted, closes
     * what is left.
     *
     * @return completes when all threads of the server have ended or been told to; never fails
     */
    public final CompletableFuture<Void> stop() {
        if (state.getAndSet(State.STOPPED) == State.STOPPED) {
            return stopped.copy();
        }
        Listening current = listening;
        if (current == null) {
            finish(null);
            return stopped.copy();
        }
        LOG.info("{} on {} is stopping", name, address());
        EventLoopGroup loops = current.loops();
        current.channel().close().addListener(unbound -> {
            loops.schedule(connections::close, options.drainTimeout().toMillis(), TimeUnit.MILLISECONDS);
            connections.drain().thenRun(() -> finish(loops));
        });
        return stopped.copy();
    }

    /** Stops and waits for the end, at most for the drain timeout and a few seconds more. */
    @Override
    public final void close() {
        stop().orTimeout(options.drainTimeout().toSeconds() + 2 * LOOP_STOP_SECONDS, TimeUnit.SECONDS)
                .exceptionally(late -> {
                    LOG.warn("{} has not stopped in time", name);
                    return null;
                })
                .join();
    }

    /**
     * Stops as the end of the process would: closes the port, resets every connection without a word, and drops what is
     * under way. For tests of what others make of that; it also cuts a {@link #stop()} short.
     *
     * @return completes when all threads of the server have ended or been told to; never fails
     */
    public final CompletableFuture<Void> kill() {
        Listening current = listening;
        if (current == null || stopped.isDone()) {
            return stop();
        }
        LOG.info("{} on {} is killed", name, address());
        boolean stopping = state.getAndSet(State.STOPPED) == State.STOPPED;
        current.channel().close().addListener(unbound -> connections.reset().whenComplete((reset, failure) -> {
            // One that is stopping ends by itself, now that its last connection has gone.
            if (!stopping) {
                finish(current.loops());
            }
        }));
        return stopped.copy();
    }

    private Channel bindFirstFree(ServerBootstrap bootstrap, InetAddress host) throws IOException {
        Throwable last = null;
        for (PrimitiveIterator.OfInt ports = options.ports().ports().iterator(); ports.hasNext(); ) {
            ChannelFuture bound =
                    bootstrap.bind(new InetSocketAddress(host, ports.nextInt())).awaitUninterruptibly();
            if (bound.isSuccess()) {
                return bound.channel();
            }
            last = bound.cause();
            LOG.debug("{} cannot take a port: {}", name, last.toString());
        }
        BindException failure = new BindException(name + " cannot listen on " + options.bindHost() + ", ports "
                + options.ports() + ": " + (last == null ? "no port given" : last.getMessage()));
        failure.initCause(last);
        throw failure;
    }

    private ServerBootstrap bootstrap(EventLoopGroup loops) {
        TlsOptions tls = options.security().tls();
        return new ServerBootstrap()
                .group(loops)
                .channel(Transport.best().serverChannel())
                .option(ChannelOption.SO_BACKLOG, ACCEPT_BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARKS)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(tls.newServerHandler(channel.alloc()));
                        }
                        channel.pipeline().addLast(newHandler(connections, contextOf(channel.eventLoop())));
                    }
                });
    }

    private EventLoopContext contextOf(EventLoop loop) {
        return contexts.computeIfAbsent(loop, used -> new EventLoopContext(used, options.buffers()));
    }

    /** Ends what the subclass has started, then the threads; on a thread of its own, since that may block. */
    private void finish(@Nullable EventLoopGroup loops) {
        Thread stopper = new Thread(
                () -> {
                    try {
                        onStopped();
                    } catch (RuntimeException e) {
                        LOG.warn("{} has not stopped cleanly", name, e);
                    } finally {
                        end(loops);
                    }
                },
                threadName() + "-stop");
        stopper.setDaemon(true);
        stopper.start();
    }

    private void end(@Nullable EventLoopGroup loops) {
        if (loops == null) {
            stopped.complete(null);
        } else {
            loops.shutdownGracefully(0, LOOP_STOP_SECONDS, TimeUnit.SECONDS)
                    .addListener(ended -> stopped.complete(null));
        }
    }

    private String threadName() {
        return name.toLowerCase(Locale.ROOT).replace(' ', '-');
    }

    private enum State {
        NEW,
        STARTED,
        STOPPED
    }

    private record Listening(EventLoopGroup loops, Channel channel) {
        int port() {
            return ((InetSocketAddress) channel.localAddress()).getPort();
        }
    }
}
