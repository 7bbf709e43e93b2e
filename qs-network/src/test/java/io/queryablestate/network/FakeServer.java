package io.queryablestate.network;

import io.netty.buffer.ByteBuf;
import io.queryablestate.messages.ServerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A server socket whose connections are played by the test itself. */
final class FakeServer implements AutoCloseable {

    private final ServerSocket socket;

    FakeServer() throws IOException {
        this(0);
    }

    FakeServer(int port) throws IOException {
        socket = new ServerSocket(port, 10, InetAddress.getLoopbackAddress());
        socket.setSoTimeout(10_000);
    }

    ServerAddress address() {
        return new ServerAddress("127.0.0.1", socket.getLocalPort());
    }

    /** The next connection, before any word is exchanged. */
    BlockingPeer accept() throws IOException {
        return new BlockingPeer(socket.accept());
    }

    /** The next connection, after hello and welcome. */
    BlockingPeer greet() throws IOException {
        BlockingPeer peer = accept();
        peer.read();
        peer.write(WireFrames.welcome());
        return peer;
    }

    /** Plays one connection on a thread of its own. */
    CompletableFuture<Void> play(Scene scene) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread actor = new Thread(() -> {
            try {
                scene.play();
                done.complete(null);
            } catch (IOException | RuntimeException | AssertionError e) {
                done.completeExceptionally(e);
            }
        });
        actor.setDaemon(true);
        actor.start();
        return done.orTimeout(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** What a connection does. */
    @FunctionalInterface
    interface Scene {
        void play() throws IOException;
    }

    /** The id of the next request on the connection. */
    static long requestId(BlockingPeer peer) throws IOException {
        ByteBuf frame = peer.read();
        return WireFrames.id(frame);
    }
}
