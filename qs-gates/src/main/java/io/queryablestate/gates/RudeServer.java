package io.queryablestate.gates;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.Welcome;
import io.queryablestate.testsupport.FrameServer;
import io.queryablestate.testsupport.FrameSocket;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** Peers that welcome whoever comes, and then do as the gate says. */
final class RudeServer {

    private RudeServer() {}

    /** What is done about a request. */
    @FunctionalInterface
    interface Answer {
        void to(ByteBuf request, FrameSocket connection) throws IOException;
    }

    static FrameServer answering(Answer answer) throws IOException {
        return new FrameServer(connection -> {
            while (true) {
                ByteBuf frame = connection.read();
                int type = frame.getUnsignedShort(Frames.TYPE_OFFSET);
                if (type == MessageType.HELLO.number()) {
                    ByteBuf welcome = Unpooled.buffer();
                    new Welcome(2, "").encode(welcome, Frames.requestId(frame, 0));
                    connection.write(welcome);
                } else if (type != MessageType.CANCEL.number()) {
                    answer.to(frame, connection);
                }
            }
        });
    }

    /** Ends the connection on each request. */
    static FrameServer hangingUp(AtomicLong seen) throws IOException {
        return answering((request, connection) -> {
            seen.incrementAndGet();
            connection.close();
        });
    }
}
