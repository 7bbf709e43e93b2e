package io.queryablestate.embedded;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.queryablestate.messages.ServerAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands in the middle of TCP connections and makes them misbehave, for tests of whatever has to survive that. Clients are
 * given {@link #address()} instead of the address of the server.
 *
 * <pre>{@code
 * try (FaultProxy network = FaultProxy.to(server.address(), seed)) {
 *     network.inject(new Fault.Delay(Duration.ofMillis(50), Duration.ofMillis(500)));
 *     // ask through network.address()
 *     network.heal();
 * }
 * }</pre>
 *
 * <p>A fault is in force from the moment that {@link #inject} returns until the next one, on open connections too. It is
 * transparent to what is said, except for the faults that are about single answers: those need frames of {@code int32
 * length | version | …}. Chance comes from the seed, so that equal traffic meets equal faults.
 *
 * <p>Thread-safe. One daemon thread, which has ended when {@link #close()} returns.
 */
public final class FaultProxy implements AutoCloseable {

    private static final long STOP_SECONDS = 5;
    /** Attempts that fill the queue of a port that never accepts, and one more. */
    private static final int FILL = 3;

    private static final int PROBE_MILLIS = 100;
    private static final long BIND_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("fault-proxy", true), NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final AtomicLong effects = new AtomicLong();
    private final Random random;
    private final ServerAddress address;
    /** Belongs to the event loop. */
    private final Set<FaultLink> links = new HashSet<>();

    private volatile ServerAddress target;
    private volatile Fault fault = new Fault.None();
    /** This and what follows is guarded by this proxy. */
    private Channel listening;

    private final Set<Channel> fillers = new HashSet<>();

    private FaultProxy(String host, ServerAddress target, long seed) throws IOException {
        this.target = target;
        this.random = new Random(seed);
        try {
            this.listening = listen(host, 0, FaultProxy::acceptingQueue);
        } catch (IOException e) {
            group.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS);
            throw e;
        }
        this.address = new ServerAddress(host, ((InetSocketAddress) listening.localAddress()).getPort());
    }

    /**
     * Listens on a free port of the loopback address and passes everything on.
     *
     * @param target where connections go; its name is resolved for each of them
     * @param seed decides what is left to chance
     * @throws IOException if it cannot listen
     */
    public static FaultProxy to(ServerAddress target, long seed) throws IOException {
        return new FaultProxy("127.0.0.1", target, seed);
    }

    /** Where it listens; stays the same whatever the fault. */
    public ServerAddress address() {
        return address;
    }

    /** Where connections go that are made from now on. */
    public void target(ServerAddress server) {
        target = server;
    }

    /**
     * Puts a fault in force and ends the one before it.
     *
     * @throws IOException if its port cannot be listened on again, as when another process has taken it meanwhile
     */
    public synchronized void inject(Fault next) throws IOException {
        boolean listened = !blocksNewcomers(fault);
        fault = next;
        if (blocksNewcomers(next) || next instanceof Fault.Silence) {
            resetConnections();
        }
        if (!listened || blocksNewcomers(next)) {
            rebind(next);
        }
        onLoop(() -> {
            links.forEach(link -> link.apply(next));
            return null;
        });
        if (blocksNewcomers(next)) {
            effects.incrementAndGet();
        }
    }

    /** Ends the fault that is in force. Bytes that it has lost, changed or delayed stay so. */
    public void heal() throws IOException {
        inject(new Fault.None());
    }

    /** Ends the open connections with a reset, on both sides. */
    public void resetConnections() {
        onLoop(() -> {
            Set.copyOf(links).forEach(FaultLink::reset);
            return null;
        });
    }

    /** How many connections pass through it now. */
    public int openConnections() {
        return onLoop(links::size);
    }

    /** How often a fault has done something to a connection, a piece of bytes or an answer so far. */
    public long effects() {
        return effects.get();
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).syncUninterruptibly();
    }

    Fault fault() {
        return fault;
    }

    void opened(FaultLink link) {
        links.add(link);
    }

    void closed(FaultLink link) {
        links.remove(link);
    }

    private static boolean blocksNewcomers(Fault fault) {
        return fault instanceof Fault.Refuse || fault instanceof Fault.NeverAccept;
    }

    private void rebind(Fault next) throws IOException {
        listening.close().syncUninterruptibly();
        fillers.forEach(Channel::close);
        fillers.clear();
        if (next instanceof Fault.NeverAccept) {
            listening = listen(address.host(), address.port(), FaultProxy::fullQueue);
            for (int i = 0; i < FILL; i++) {
                fillers.add(FaultLink.connector(loop, address)
                        .handler(new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                // It only takes a place.
                            }
                        })
                        .connect(address.host(), address.port())
                        .channel());
            }
        } else if (next instanceof Fault.Refuse) {
            awaitRefusal();
        } else {
            listening = listen(address.host(), address.port(), FaultProxy::acceptingQueue);
        }
    }

    /** A channel that is closed keeps its port until its selector has looked again. */
    private void awaitRefusal() throws IOException {
        long end = System.nanoTime() + BIND_NANOS;
        IOException last = null;
        while (System.nanoTime() < end) {
            try (Socket probe = new Socket()) {
                probe.connect(new InetSocketAddress(address.host(), address.port()), PROBE_MILLIS);
            } catch (ConnectException e) {
                return;
            } catch (SocketException | SocketTimeoutException e) {
                // Its queue is still there: full, or emptied just now.
                last = e;
            }
        }
        throw new IOException(address + " does not refuse connections", last);
    }

    private Channel listen(String host, int port, QueueOptions queue) throws IOException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loop, loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel client) {
                        new FaultLink(FaultProxy.this, client, effects, random).open(target);
                    }
                });
        queue.set(bootstrap);
        long end = System.nanoTime() + BIND_NANOS;
        ChannelFuture bound;
        do {
            // A socket that was closed keeps its port until the selector has let go of it.
            bound = bootstrap.bind(host, port).awaitUninterruptibly();
        } while (!bound.isSuccess() && port != 0 && System.nanoTime() < end);
        if (!bound.isSuccess()) {
            throw new IOException("port " + port + " of " + host + " cannot be listened on", bound.cause());
        }
        return bound.channel();
    }

    private static void acceptingQueue(ServerBootstrap bootstrap) {
        bootstrap.option(ChannelOption.SO_BACKLOG, 1024);
    }

    private static void fullQueue(ServerBootstrap bootstrap) {
        bootstrap.option(ChannelOption.SO_BACKLOG, 1).option(ChannelOption.AUTO_READ, false);
    }

    private <R> R onLoop(Callable<R> action) {
        return loop.submit(action).syncUninterruptibly().getNow();
    }

    @FunctionalInterface
    private interface QueueOptions {
        void set(ServerBootstrap bootstrap);
    }
}
