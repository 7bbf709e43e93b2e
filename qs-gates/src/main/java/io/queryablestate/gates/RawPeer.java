package io.queryablestate.gates;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.Hello;
import io.queryablestate.messages.ServerAddress;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A peer that says whatever it is told to. One thread writes, one reads. */
final class RawPeer implements AutoCloseable {

    private static final int MAX_FRAME_BYTES = 64 * 1024 * 1024;
    private static final int CONNECT_MILLIS = 5_000;

    private final Socket socket = new Socket();
    private final OutputStream out;
    private final DataInputStream in;

    /**
     * Connects.
     *
     * @param receiveBufferBytes how much the system takes in for it; 0 for the default
     * @param readMillis how long a read waits at most
     */
    RawPeer(ServerAddress server, int receiveBufferBytes, int readMillis) throws IOException {
        socket.setTcpNoDelay(true);
        if (receiveBufferBytes > 0) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.setSoTimeout(readMillis);
        socket.connect(new InetSocketAddress(server.host(), server.port()), CONNECT_MILLIS);
        out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 64 * 1024));
    }

    /** Says hello and takes the welcome. */
    RawPeer greet() throws IOException {
        return greet("");
    }

    /** The same, with a token. */
    RawPeer greet(String token) throws IOException {
        send(bytes(hello -> new Hello(Hello.VERSION, Hello.VERSION, token, "").encode(hello, 0)));
        flush();
        if (read() == null) {
            throw new EOFException("no welcome");
        }
        return this;
    }

    /** How long a read waits at most, from now on. */
    void readWithin(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    void send(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    void flush() throws IOException {
        out.flush();
    }

    /** The next frame with its length word; null if the other side has ended the connection. */
    byte @Nullable [] read() throws IOException {
        int length;
        try {
            length = in.readInt();
        } catch (EOFException e) {
            return null;
        }
        if (length < 0 || length > MAX_FRAME_BYTES) {
            throw new IOException("an answer of " + length + " bytes");
        }
        byte[] frame = new byte[Integer.BYTES + length];
        Unpooled.wrappedBuffer(frame).setInt(0, length);
        in.readFully(frame, Integer.BYTES, length);
        return frame;
    }

    /** Whether the other side has ended the connection by now; drops what it has said before that. */
    boolean isEnded(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            while (in.read() >= 0) {
                // The last words.
            }
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (java.net.SocketException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** What an encoder writes, as bytes. */
    static byte[] bytes(Consumer<ByteBuf> encoder) {
        ByteBuf out = Unpooled.buffer();
        encoder.accept(out);
        return ByteBufUtil.getBytes(out);
    }

    /** A version-2 frame with a header of our choice around any body. */
    static byte[] frame(int version, int type, long requestId, byte[] body) {
        return bytes(out -> {
            out.writeInt(Frames.BODY_OFFSET - Integer.BYTES + body.length).writeInt(version);
            if (version == Frames.VERSION_1) {
                out.writeInt(type);
            } else {
                out.writeShort(type).writeShort(0);
            }
            out.writeLong(requestId).writeBytes(body);
        });
    }
}
