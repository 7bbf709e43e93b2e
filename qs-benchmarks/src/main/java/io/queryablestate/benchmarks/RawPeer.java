package io.queryablestate.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.queryablestate.messages.ServerAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Function;

/**
 * The limit: frames as long as ours, passed on by Netty with one flush for each read batch. It checks nothing, has no
 * deadlines, no retries and no limits, and answers come in the order of their requests.
 */
final class RawPeer implements Peer {

    private static final int BATCH_BYTES = 16 * 1024;

    private final int bufferBytes;
    private final EventLoopGroup loops;
    private final Class<? extends ServerSocketChannel> serverChannel;
    private final Class<? extends SocketChannel> clientChannel;

    /** Uses epoll where ours does. */
    private RawPeer(int bufferBytes) {
        this.bufferBytes = bufferBytes;
        boolean epoll = Epoll.isAvailable();
        this.loops = new MultiThreadIoEventLoopGroup(
                Runtime.getRuntime().availableProcessors(),
                new DefaultThreadFactory("raw", true),
                epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        this.serverChannel = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        this.clientChannel = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /** Writes each frame by itself, as programs on Netty usually do. */
    static RawPeer writingFrames() {
        return new RawPeer(0);
    }

    /** Copies all frames of a read batch into one buffer. */
    static RawPeer writingBatches() {
        return new RawPeer(BATCH_BYTES);
    }

    @Override
    public String startServer(List<Workload> workloads) throws InterruptedException {
        HeldValues values = new HeldValues(workloads);
        return listen(channel -> new RawServer(output(channel), values));
    }

    @Override
    public String startProxy(String server) throws InterruptedException {
        ServerAddress address = ServerAddress.parse(server);
        return listen(client -> {
            client.config().setAutoRead(false);
            // Both ends on one event loop, so that a frame and its answer never change threads.
            Channel upstream = connector(ignored -> new RawRelay(output(client)))
                    .group(client.eventLoop())
                    .connect(address.host(), address.port())
                    .addListener(connected -> {
                        if (connected.isSuccess()) {
                            client.config().setAutoRead(true);
                        } else {
                            client.close();
                        }
                    })
                    .channel();
            return new RawRelay(output(upstream));
        });
    }

    @Override
    public KeyReader connect(String proxy) throws InterruptedException {
        ServerAddress address = ServerAddress.parse(proxy);
        Channel connection = connector(channel -> new RawClient(channel, output(channel)))
                .group(loops)
                .connect(address.host(), address.port())
                .sync()
                .channel();
        return connection.pipeline().get(RawClient.class);
    }

    @Override
    public KeyReader connectOneHop(String server, String proxy) throws InterruptedException {
        return connect(server);
    }

    private String listen(Function<SocketChannel, ChannelHandler> handler) throws InterruptedException {
        Channel listening = new ServerBootstrap()
                .group(loops)
                .channel(serverChannel)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(initializer(handler))
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        InetSocketAddress bound = (InetSocketAddress) listening.localAddress();
        return new ServerAddress(bound.getAddress().getHostAddress(), bound.getPort()).toString();
    }

    private RawOutput output(Channel channel) {
        return new RawOutput(channel, bufferBytes);
    }

    private Bootstrap connector(Function<SocketChannel, ChannelHandler> handler) {
        return new Bootstrap()
                .channel(clientChannel)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(initializer(handler));
    }

    private static ChannelInitializer<SocketChannel> initializer(Function<SocketChannel, ChannelHandler> handler) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                channel.pipeline().addLast(handler.apply(channel));
            }
        };
    }
}
