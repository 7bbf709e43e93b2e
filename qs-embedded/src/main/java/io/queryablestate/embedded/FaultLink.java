package io.queryablestate.embedded;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.queryablestate.messages.ServerAddress;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One connection through the proxy: a socket on either side and a pipe in either direction. On the event loop only. */
final class FaultLink {

    private final FaultProxy proxy;
    private final SocketChannel client;
    private final AtomicLong effects;
    private final Random random;
    private @Nullable SocketChannel server;
    private @Nullable FaultPipe requests;
    private @Nullable FaultPipe answers;
    private int finishedPipes;

    FaultLink(FaultProxy proxy, SocketChannel client, AtomicLong effects, Random random) {
        this.proxy = proxy;
        this.client = client;
        this.effects = effects;
        this.random = random;
    }

    static Bootstrap connector(EventLoop loop, ServerAddress target) {
        return new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .remoteAddress(target.host(), target.port());
    }

    /** Connects to the server and begins to pass bytes on; with {@link Fault.Silence} it only drops them. */
    void open(ServerAddress target) {
        proxy.opened(this);
        client.closeFuture().addListener(closed -> proxy.closed(this));
        if (proxy.fault() instanceof Fault.Silence) {
            effects.incrementAndGet();
            client.pipeline().addLast(new Drop());
            client.config().setAutoRead(true);
            return;
        }
        connector(client.eventLoop(), target)
                .option(ChannelOption.AUTO_READ, false)
                .handler(new ChannelInboundHandlerAdapter())
                .connect()
                .addListener((ChannelFutureListener) connected -> {
                    if (connected.isSuccess() && client.isActive()) {
                        join((SocketChannel) connected.channel());
                    } else {
                        connected.channel().close();
                        reset(client);
                    }
                });
    }

    private void join(SocketChannel connected) {
        server = connected;
        FaultPipe toServer = new FaultPipe(this, Fault.Direction.REQUESTS, client, connected, effects, random);
        FaultPipe toClient = new FaultPipe(this, Fault.Direction.ANSWERS, connected, client, effects, random);
        requests = toServer;
        answers = toClient;
        // That of now: it may have changed since the client came.
        apply(proxy.fault());
        client.pipeline().addLast(new Source(toServer));
        connected.pipeline().addLast(new Source(toClient));
        client.config().setAutoRead(true);
        connected.config().setAutoRead(true);
    }

    void apply(Fault fault) {
        if (requests != null && answers != null) {
            requests.apply(fault);
            answers.apply(fault);
        }
    }

    /** Ends both sides as a crash would. */
    void reset() {
        reset(client);
        if (server != null) {
            reset(server);
        }
    }

    /** Ends both sides in good order. */
    void close() {
        client.close();
        if (server != null) {
            server.close();
        }
    }

    /** One direction has come to its end. */
    void finished() {
        finishedPipes++;
        if (finishedPipes == 2) {
            close();
        }
    }

    /** Tells the client that no more answers come. */
    void halfClose() {
        client.shutdownOutput();
    }

    private static void reset(SocketChannel channel) {
        if (channel.isActive()) {
            channel.config().setSoLinger(0);
        }
        channel.close();
    }

    /** One side of the link: hands what it reads to the pipe that begins here. */
    private final class Source extends ChannelInboundHandlerAdapter {

        private final FaultPipe pipe;

        Source(FaultPipe pipe) {
            this.pipe = pipe;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            pipe.read(message);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                pipe.end();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            pipe.end();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (requests != null && answers != null) {
                requests.balance();
                answers.balance();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            reset();
        }
    }

    private static final class Drop extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                ctx.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
