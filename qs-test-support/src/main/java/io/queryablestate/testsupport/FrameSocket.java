package io.queryablestate.testsupport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * One end of a connection that carries frames of {@code int32 length | the rest}: plain blocking sockets, so that a test
 * shares nothing with the network code it tests. One thread reads; any thread writes.
 */
public final class FrameSocket implements AutoCloseable {

    private static final int READ_TIMEOUT_MILLIS = 20_000;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    FrameSocket(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /** Connects to a port of this machine. */
    public static FrameSocket connect(int port) throws IOException {
        return new FrameSocket(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** Connects with a receive buffer of few bytes, as a peer that will not read. */
    public static FrameSocket connect(int port, int receiveBufferBytes) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(receiveBufferBytes);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return new FrameSocket(socket);
    }

    /**
     * Waits for the next frame, 20 s at most.
     *
     * @return the frame from its length word on, in a buffer that needs no release
     * @throws java.io.EOFException if the peer has closed the connection
     */
    public ByteBuf read() throws IOException {
        int length = in.readInt();
        byte[] frame = new byte[Integer.BYTES + length];
        in.readFully(frame, Integer.BYTES, length);
        return Unpooled.wrappedBuffer(frame).setInt(0, length);
    }

    /** Writes whatever is readable, in one go. */
    public void write(ByteBuf frames) throws IOException {
        byte[] bytes = new byte[frames.readableBytes()];
        frames.readBytes(bytes);
        synchronized (out) {
            out.write(bytes);
        }
    }

    /** Ends the connection with a reset. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
