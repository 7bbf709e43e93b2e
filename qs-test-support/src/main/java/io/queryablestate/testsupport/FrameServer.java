package io.queryablestate.testsupport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Listens on a port of this machine and gives each connection a thread. */
public final class FrameServer implements AutoCloseable {

    private final ServerSocket listening;
    private final Session session;
    private final Set<FrameSocket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();

    /** What happens on one connection. */
    @FunctionalInterface
    public interface Session {
        /** Runs on the connection's thread; the connection ends when it returns or throws. */
        void run(FrameSocket connection) throws IOException;
    }

    /** Listens on any free port. */
    public FrameServer(Session session) throws IOException {
        this(0, session);
    }

    /** Listens on a port that a server before it has left. */
    public FrameServer(int port, Session session) throws IOException {
        this.session = session;
        this.listening = new ServerSocket();
        listening.setReuseAddress(true);
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        daemon(this::accept);
    }

    /** One that accepts connections, reads, and never says anything. */
    public static FrameServer silent() throws IOException {
        return new FrameServer(connection -> {
            while (true) {
                connection.read();
            }
        });
    }

    /** Where it listens. */
    public int port() {
        return listening.getLocalPort();
    }

    /** Connections ever accepted. */
    public int accepted() {
        return accepted.get();
    }

    /** Connections that are open now. */
    public int open() {
        return open.size();
    }

    /** Ends the open connections with a reset, and goes on listening. */
    public void resetConnections() {
        for (FrameSocket connection : open) {
            try {
                connection.reset();
            } catch (IOException e) {
                // It has ended already.
            }
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                FrameSocket connection = new FrameSocket(listening.accept());
                accepted.incrementAndGet();
                open.add(connection);
                daemon(() -> serve(connection));
            } catch (IOException e) {
                // Closed, or the peer was gone before it was accepted.
            }
        }
    }

    private void serve(FrameSocket connection) {
        try (connection) {
            session.run(connection);
        } catch (IOException e) {
            // The peer has gone, or the test has ended the connection.
        } finally {
            open.remove(connection);
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "frame-server");
        thread.setDaemon(true);
        thread.start();
    }

    /** Stops listening and resets the connections. */
    @Override
    public void close() throws IOException {
        listening.close();
        resetConnections();
    }
}
