package io.queryablestate.network;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.FlinkFailureDecoder;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.Hello;
import io.queryablestate.messages.KvStateResultCodec;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.Welcome;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client's end of one channel: says hello, learns which version the server speaks, and passes answers to their
 * calls. A fault in one answer fails one call; broken framing fails the channel.
 */
final class PeerHandler extends FrameHandler implements EventLoopContext.Watched {

    private static final Logger LOG = LoggerFactory.getLogger(PeerHandler.class);

    private static final long HELLO_ID = 0;
    private static final long PING_AFTER_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long PONG_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(5);
    private static final int V1_SERVER_FAILURE_BODY = Frames.REQUEST_ID_OFFSET;

    private final PeerConnection connection;
    private final ConnectionAttempt attempt;
    private boolean opened;
    private boolean ready;
    private boolean version1;
    private long lastUsedNanos;
    private long pingedNanos;
    private boolean pinged;
    private Failure endedBecause;

    PeerHandler(PeerConnection connection, ConnectionAttempt attempt) {
        super(connection.context(), connection.options().maxFrameBytes());
        this.connection = connection;
        this.attempt = attempt;
        this.endedBecause = lost("it was closed by the peer");
    }

    boolean isVersion1() {
        return version1;
    }

    /** Whether the server reads as fast as requests are written. */
    boolean isWritable() {
        return channelContext().channel().isWritable();
    }

    /** Tells the server that an answer is not wanted any more, if its version knows how. */
    void cancel(long id) {
        if (!version1) {
            Frames.writeEmpty(output().reserve(Frames.BODY_OFFSET), MessageType.CANCEL, id);
        }
    }

    void close() {
        channelContext().close();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (attempt.hasEnded()) {
            ctx.close();
            return;
        }
        opened = true;
        connection.options().stats().connectionOpened();
        context().watch(this);
        attempt.connected(ctx.channel());
        ConnectionOptions options = connection.options();
        if (options.allowsVersion1()
                && connection
                        .version1Peers()
                        .contains(connection.address(), context().nanoTime())) {
            ready(true);
        } else {
            options.hello().encode(output().reserve(Frames.BODY_OFFSET), HELLO_ID);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (opened) {
            context().unwatch(this);
            connection.options().stats().connectionClosed();
        }
        if (ready) {
            connection.channelLost(this, endedBecause);
        } else {
            attempt.fail(endedBecause);
        }
    }

    @Override
    protected void onFrame(ByteBuf in, int frame, int frameEnd) {
        int version = in.getInt(frame + Frames.VERSION_OFFSET);
        if (version == Frames.VERSION_2 && frameEnd - frame >= Frames.BODY_OFFSET && !version1) {
            onVersion2(in, frame, frameEnd);
        } else if (version == Frames.VERSION_1 && frameEnd - frame >= V1_SERVER_FAILURE_BODY) {
            onVersion1(in, frame, frameEnd);
        } else {
            violated("bytes of another protocol");
        }
    }

    @Override
    protected void onDroppedFrame(ByteBuf head) {
        long id = Frames.requestId(head, 0);
        Call call = connection.sent(id);
        if (call != null) {
            // Of an answer in parts the others are not wanted either.
            connection.cancel(id);
            call.onFailure(BUFFERS_FULL);
        }
    }

    @Override
    protected void onBrokenFraming(QueryableStateException reason) {
        violated(reason.text());
    }

    private void onVersion2(ByteBuf in, int frame, int frameEnd) {
        MessageType type = MessageType.ofNumber(in.getUnsignedShort(frame + Frames.TYPE_OFFSET));
        long id = Frames.requestId(in, frame);
        if (type == null) {
            violated("an unknown message type");
        } else if (!ready) {
            onHelloAnswer(type, in, frame, frameEnd);
        } else {
            if ((Frames.flags(in, frame) & Frames.FLAG_LOCATION_STALE) != 0) {
                onLocationStale(id);
            }
            switch (type) {
                case RESULT -> onResult(id, in, frame, frameEnd);
                case PING -> onPing(id);
                case PONG -> pinged = false;
                case GOING_AWAY -> connection.goingAway();
                case FAILURE -> onFailure(id, in, frame, frameEnd);
                default -> onOther(type, id, in, frame, frameEnd);
            }
        }
    }

    private void onHelloAnswer(MessageType type, ByteBuf in, int frame, int frameEnd) {
        try {
            if (type == MessageType.WELCOME) {
                Welcome welcome = Welcome.decode(body(in, frame, frameEnd));
                if (welcome.version() != Hello.VERSION) {
                    violated("version " + welcome.version() + ", which was not offered");
                    return;
                }
                LOG.debug("{} speaks version {}", connection.address(), welcome.version());
                connection.version1Peers().remove(connection.address());
                ready(false);
            } else if (type == MessageType.FAILURE) {
                endBecause(Failure.decode(in, frame, frameEnd));
            } else {
                violated("a message of type " + type + " before the welcome");
            }
        } catch (QueryableStateException e) {
            violated(e.text());
        }
    }

    private void onVersion1(ByteBuf in, int frame, int frameEnd) {
        int type = in.getInt(frame + Frames.TYPE_OFFSET);
        if (!ready) {
            if (type == Frames.V1_SERVER_FAILURE && connection.options().allowsVersion1()) {
                LOG.debug("{} speaks version 1", connection.address());
                connection.version1Peers().add(connection.address(), context().nanoTime());
                ready(true);
            } else {
                violated("version 1, which is not allowed here");
            }
            return;
        }
        if (type == Frames.V1_SERVER_FAILURE) {
            Optional<Failure> failure = FlinkFailureDecoder.decode(in, frame + V1_SERVER_FAILURE_BODY, frameEnd);
            endBecause(lost(
                    "it gave up the connection: " + failure.map(Failure::text).orElse("no reason")));
        } else if (frameEnd - frame < Frames.BODY_OFFSET) {
            violated("a frame without a request id");
        } else if (type == Frames.V1_RESULT) {
            onResult(Frames.requestId(in, frame), in, frame, frameEnd);
        } else if (type == Frames.V1_REQUEST_FAILURE) {
            Call call = answered(Frames.requestId(in, frame));
            if (call != null) {
                FlinkFailureDecoder.decode(in, frame + Frames.BODY_OFFSET, frameEnd)
                        .ifPresentOrElse(call::onFailure, call::onAbsent);
            }
        } else {
            violated("a message of type " + type);
        }
    }

    private void onPing(long id) {
        // A server that does not read gets no answer: pongs must not pile up here.
        if (!output().isCongested()) {
            Frames.writeEmpty(output().reserve(Frames.BODY_OFFSET), MessageType.PONG, id);
        }
    }

    private void onResult(long id, ByteBuf in, int frame, int frameEnd) {
        Call call = answered(id);
        if (call == null) {
            return;
        }
        int length;
        try {
            length = KvStateResultCodec.decode(in, frame, frameEnd);
        } catch (QueryableStateException e) {
            call.onFailure(new Failure(ErrorCode.PROTOCOL_VIOLATION, e.text()));
            return;
        }
        call.onValue(in, frame + KvStateResultCodec.HEADER_BYTES, length);
    }

    private void onFailure(long id, ByteBuf in, int frame, int frameEnd) {
        Failure failure;
        try {
            failure = Failure.decode(in, frame, frameEnd);
        } catch (QueryableStateException e) {
            failure = new Failure(ErrorCode.PROTOCOL_VIOLATION, e.text());
        }
        if (id == Version2Answers.NO_REQUEST) {
            endBecause(lost("it gave up the connection: " + failure.text()));
            return;
        }
        Call call = answered(id);
        if (call != null) {
            call.onFailure(failure);
        }
    }

    private void onOther(MessageType type, long id, ByteBuf in, int frame, int frameEnd) {
        if (type == MessageType.KV_STATE_BATCH_ANSWER && (Frames.flags(in, frame) & Frames.FLAG_MORE) != 0) {
            onPart(type, id, body(in, frame, frameEnd));
            return;
        }
        Call call = answered(id);
        if (call == null) {
            return;
        }
        if (type == MessageType.ABSENT) {
            call.onAbsent();
        } else {
            call.onMessage(type, body(in, frame, frameEnd));
        }
    }

    private void onLocationStale(long id) {
        Call call = connection.sent(id);
        if (call != null) {
            call.onLocationStale();
        }
    }

    private void onPart(MessageType type, long id, ByteBuf body) {
        lastUsedNanos = lastReadNanos();
        Call call = connection.sent(id);
        if (call != null && !call.onPart(type, body)) {
            connection.cancel(id);
        }
    }

    private static ByteBuf body(ByteBuf in, int frame, int frameEnd) {
        return in.slice(frame + Frames.BODY_OFFSET, frameEnd - frame - Frames.BODY_OFFSET);
    }

    private @Nullable Call answered(long id) {
        lastUsedNanos = lastReadNanos();
        return connection.answered(id);
    }

    @Override
    protected void onWritabilityChanged() {
        connection.sendWaiting();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        attempt.heardFrom();
        super.channelRead(ctx, msg);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
            endBecause(tlsFailed(handshake.cause()));
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        SSLException tls = TlsFailures.of(cause);
        if (tls != null) {
            endBecause(tlsFailed(tls));
        } else if (cause instanceof IOException) {
            endBecause(lost(String.valueOf(cause.getMessage())));
        } else {
            LOG.warn("Closing the connection to {} after an unexpected error", connection.address(), cause);
            endBecause(lost("internal error"));
        }
    }

    @Override
    public void look(long nowNanos) {
        long silence = nowNanos - lastReadNanos();
        if (isFrameOverdue(nowNanos)) {
            endBecause(lost("a frame was begun and not finished"));
        } else if (ready && !connection.hasCalls() && nowNanos - lastUsedNanos > IDLE_NANOS) {
            endBecause(lost("it was idle"));
        } else if (pinged && !isPaused() && nowNanos - pingedNanos > PONG_WITHIN_NANOS) {
            endBecause(lost("a ping was not answered"));
        } else if (ready && !version1 && !pinged && !connection.isFull() && silence > PING_AFTER_NANOS) {
            pinged = true;
            pingedNanos = nowNanos;
            Frames.writeEmpty(output().reserve(Frames.BODY_OFFSET), MessageType.PING, HELLO_ID);
        }
    }

    private void ready(boolean speaksVersion1) {
        ready = true;
        version1 = speaksVersion1;
        lastUsedNanos = lastReadNanos();
        attempt.succeed(this);
    }

    private void violated(String what) {
        String text = connection.address() + " sent " + what;
        endBecause(new Failure(ready ? ErrorCode.CONNECTION_LOST : ErrorCode.PROTOCOL_VIOLATION, text));
    }

    /** Before the welcome, the server's verdict on this client's certificate may come after the handshake. */
    private Failure tlsFailed(Throwable cause) {
        if (ready || TlsFailures.isClosed(cause)) {
            return lost(TlsFailures.describe(cause));
        }
        return new Failure(
                ErrorCode.TLS_FAILED, "no TLS with " + connection.address() + ": " + TlsFailures.describe(cause));
    }

    private Failure lost(String why) {
        return new Failure(ErrorCode.CONNECTION_LOST, "lost the connection to " + connection.address() + ": " + why);
    }

    private void endBecause(Failure reason) {
        stopReading();
        endedBecause = reason;
        close();
    }
}
