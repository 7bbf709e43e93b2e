package io.queryablestate.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.pkitesting.X509Bundle;
import io.queryablestate.messages.ServerAddress;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.ssl.SSLContext;

/** A peer on a plain blocking socket, which waits at most ten seconds for anything. */
final class BlockingPeer implements AutoCloseable {

    private final Socket socket;
    private final DataInputStream in;

    BlockingPeer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        this.in = new DataInputStream(socket.getInputStream());
    }

    static BlockingPeer connect(ServerAddress address) throws IOException {
        return new BlockingPeer(new Socket(address.host(), address.port()));
    }

    /** A peer that speaks TLS, in the JDK's blocking way, and trusts the authority of that certificate. */
    static BlockingPeer connectTls(ServerAddress address, X509Bundle trusted) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trusted.toTrustManagerFactory().getTrustManagers(), null);
        return new BlockingPeer(context.getSocketFactory().createSocket(address.host(), address.port()));
    }

    /** A peer that takes little before it reads, so that the rest stays with the server. */
    static BlockingPeer connectNarrow(ServerAddress address) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4 * 1024);
        socket.connect(new InetSocketAddress(address.host(), address.port()));
        return new BlockingPeer(socket);
    }

    void write(ByteBuf... frames) throws IOException {
        ByteBuf all = Unpooled.wrappedBuffer(frames);
        socket.getOutputStream().write(ByteBufUtil.getBytes(all));
        all.release();
    }

    /** The next frame, length word included. */
    ByteBuf read() throws IOException {
        int length = in.readInt();
        byte[] body = new byte[length];
        in.readFully(body);
        return Unpooled.buffer(Integer.BYTES + length).writeInt(length).writeBytes(body);
    }

    boolean isAtEnd() throws IOException {
        return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
