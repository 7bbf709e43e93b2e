package io.queryablestate.network;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.Hello;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.QueryableStateException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a server: tells the two versions of the protocol apart, answers what is common to all servers, and
 * hands requests to the subclass. Each request is answered exactly once: at once through {@link #answers()}, or later
 * through the {@link ServerExchange} that the subclass {@linkplain #open opens} for it.
 *
 * <p>Everything runs on the event loop of the connection.
 */
public abstract class AbstractServerHandler extends FrameHandler implements EventLoopContext.Watched {

    private static final Logger LOG = LoggerFactory.getLogger(AbstractServerHandler.class);

    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MAX_BUDGET_MILLIS = TimeUnit.MINUTES.toMillis(5);
    private static final int HEADER_LENGTH = Frames.BODY_OFFSET - Integer.BYTES;

    private final ServerConnections server;
    private final RequestStats stats;
    private Answers answers;
    private final OpenExchanges open = new OpenExchanges();
    private boolean draining;
    private boolean closing;
    /** Whether there were too many connections already: this one learns so when it has said which version it speaks. */
    private boolean surplus;

    private final PeerPatience patience = new PeerPatience(this);
    private Identity peer = Identity.ANONYMOUS;

    /** A handler for one connection of the server. */
    protected AbstractServerHandler(ServerConnections server, EventLoopContext context) {
        super(context, server.maxBytesBeforeHello());
        this.server = server;
        this.stats = server.stats();
        this.answers = new UndecidedAnswers(this);
    }

    /**
     * Begins a version-2 request.
     *
     * @param in holds the request's frame, from index {@code frame} to {@code frameEnd}; to be retained by who needs it
     *     after the call
     * @return false if this server does not take messages of this type
     * @throws QueryableStateException if the body cannot be decoded; it becomes the answer
     */
    protected abstract boolean handleRequest(MessageType type, long requestId, ByteBuf in, int frame, int frameEnd);

    /** Begins a version-1 request; otherwise as {@link #handleRequest}. */
    protected abstract void handleVersion1Request(long requestId, ByteBuf in, int frame, int frameEnd);

    /** Writes answers in the version that the peer speaks. */
    protected final Answers answers() {
        return answers;
    }

    /** Told what the server does. */
    protected final RequestStats stats() {
        return stats;
    }

    /** Who asks: anonymous until the peer has shown a certificate, or a token in its hello. */
    protected final Identity peer() {
        return peer;
    }

    /** Whether the peer may read that state. To be asked before it is known whether there is one. */
    protected final boolean mayRead(JobId job, String stateName) {
        return server.mayRead(peer, job, stateName);
    }

    /** The peer asked for a state that it {@linkplain #mayRead may not read}: warns of it. The answer must not show it. */
    protected final void denied(JobId job, String stateName) {
        server.refusals()
                .refused(
                        channelContext().channel().remoteAddress(),
                        peer + " may not read state \"" + stateName + "\" of job " + job);
    }

    /** Requests of this connection that may be under way; beyond it the connection is not read. At least 1. */
    protected int maxInFlight() {
        return server.options().maxInFlight();
    }

    /** Requests under way on this connection. */
    protected final int inFlight() {
        return open.weight();
    }

    /** Takes charge of a request that could not be answered at once: from now on its deadline ends it. */
    protected final void open(ServerExchange exchange) {
        // Only beyond the limit, where no asker goes that keeps it: what it cancels must be read.
        boolean beyondLimit = open.weight() >= maxInFlight();
        exchange.opened();
        open.add(exchange);
        context().exchangeOpened(exchange.weight());
        context().deadlines().add(exchange);
        if (beyondLimit) {
            pauseReading();
        }
    }

    /**
     * The deadline of a request that has just been read.
     *
     * @param budgetMillis time left for it, in milliseconds; 0 or less for the server's default
     */
    final long deadlineNanos(int budgetMillis) {
        long millis = budgetMillis > 0
                ? Math.min(budgetMillis, MAX_BUDGET_MILLIS)
                : server.options().requestTimeout().toMillis();
        return lastReadNanos() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** An exchange that was opened has been answered or dropped. */
    final void exchangeEnded(ServerExchange exchange) {
        open.remove(exchange);
        if (!exchange.isWorkUnderWay()) {
            workEnded(exchange);
        }
        if (draining && open.isEmpty()) {
            closeWhenWritten();
        }
    }

    /** Nothing goes on for an exchange that has ended: its place among the requests under way is free. */
    final void workEnded(ServerExchange exchange) {
        open.free(exchange.weight());
        context().exchangeEnded(exchange.weight());
        resumeIfPossible();
    }

    /** Finishes what is under way, refuses what comes now, and closes. */
    final void drain() {
        draining = true;
        answers.goingAway();
        if (open.isEmpty()) {
            closeWhenWritten();
        }
    }

    final void closeNow() {
        channelContext().close();
    }

    /** Closes the connection by a reset: the peer learns that it is gone and nothing else. */
    final void reset() {
        channelContext().channel().config().setOption(ChannelOption.SO_LINGER, 0);
        // From the first handler on, so that TLS does not say goodbye either.
        channelContext().pipeline().firstContext().close();
    }

    @Override
    protected final void onFrame(ByteBuf in, int frame, int frameEnd) {
        int version = in.getInt(frame + Frames.VERSION_OFFSET);
        if (surplus) {
            turnAway(version);
        } else if (version == Frames.VERSION_2) {
            onVersion2(in, frame, frameEnd);
        } else if (version == Frames.VERSION_1) {
            onVersion1(in, frame, frameEnd);
        } else {
            String text = String.format("unknown protocol version 0x%08x", version);
            abort(new QueryableStateException(ErrorCode.PROTOCOL_VIOLATION, text));
            return;
        }
        if (output().isCongested()) {
            pauseReading();
        }
    }

    @Override
    protected final void onDroppedFrame(ByteBuf head) {
        if (answers.isDecided()) {
            patience.requestBegins();
            refuse(Frames.requestId(head, 0), BUFFERS_FULL);
        } else {
            abort(new QueryableStateException(BUFFERS_FULL.code(), BUFFERS_FULL.text()));
        }
    }

    @Override
    protected final void onBrokenFraming(QueryableStateException reason) {
        abort(reason);
    }

    private void turnAway(int version) {
        if (version == Frames.VERSION_1) {
            closeNow();
            return;
        }
        int limit = server.options().maxConnections();
        abort(new QueryableStateException(ErrorCode.OVERLOADED, "this server has " + limit + " connections already"));
    }

    private void onVersion2(ByteBuf in, int frame, int frameEnd) {
        if (frameEnd - frame < Frames.BODY_OFFSET) {
            abort(tooShort(frameEnd - frame));
            return;
        }
        long requestId = Frames.requestId(in, frame);
        int typeNumber = in.getUnsignedShort(frame + Frames.TYPE_OFFSET);
        MessageType type = MessageType.ofNumber(typeNumber);
        if (type == MessageType.HELLO && !answers.isDecided()) {
            onHello(requestId, in.slice(frame + Frames.BODY_OFFSET, frameEnd - frame - Frames.BODY_OFFSET));
        } else if (!answers.isVersion2()) {
            abort(new QueryableStateException(
                    ErrorCode.PROTOCOL_VIOLATION,
                    "a version-2 connection begins with a hello, got type " + typeNumber));
        } else if (type == MessageType.PING) {
            onPing(requestId);
        } else if (type == MessageType.CANCEL) {
            onCancel(requestId);
        } else if (type != MessageType.PONG) {
            beginRequest(type, typeNumber, requestId, in, frame, frameEnd);
        }
    }

    private void onHello(long requestId, ByteBuf body) {
        try {
            peer = server.admit(Hello.decode(body), peer);
        } catch (QueryableStateException e) {
            abort(e);
            return;
        }
        Version2Answers version2 = new Version2Answers(this);
        answers = version2;
        acceptFrames(server.options().maxRequestBytes());
        version2.welcome(requestId, server.options().clusterId());
        if (draining) {
            version2.goingAway();
        }
    }

    private void onPing(long requestId) {
        if (patience.bearsPing(lastReadNanos())) {
            answers.pong(requestId);
        } else {
            abort(new QueryableStateException(
                    ErrorCode.PROTOCOL_VIOLATION, "more than " + PeerPatience.MAX_PINGS + " pings within a second"));
        }
    }

    private void onCancel(long requestId) {
        if (!patience.bearsCancel()) {
            abort(new QueryableStateException(ErrorCode.PROTOCOL_VIOLATION, "more is cancelled than was asked for"));
            return;
        }
        ServerExchange exchange = open.find(requestId);
        if (exchange != null) {
            exchange.abandon();
        }
    }

    private void beginRequest(
            @Nullable MessageType type, int typeNumber, long requestId, ByteBuf in, int frame, int frameEnd) {
        patience.requestBegins();
        if (isRefused(requestId)) {
            return;
        }
        try {
            if (type == null || !handleRequest(type, requestId, in, frame, frameEnd)) {
                answers.failure(
                        requestId,
                        new Failure(ErrorCode.BAD_REQUEST, "message type " + typeNumber + " is not taken here"));
            }
        } catch (QueryableStateException e) {
            refuse(requestId, Failure.of(e));
        }
    }

    private void onVersion1(ByteBuf in, int frame, int frameEnd) {
        if (answers.isVersion2()) {
            abort(new QueryableStateException(
                    ErrorCode.PROTOCOL_VIOLATION, "a version-1 frame on a version-2 connection"));
            return;
        }
        if (!answers.isDecided()) {
            if (!server.allowsVersion1()) {
                end(
                        new QueryableStateException(ErrorCode.FORBIDDEN, "version 1 cannot say who asks"),
                        new Version1Answers(this, server.version1Failures()));
                return;
            }
            answers = new Version1Answers(this, server.version1Failures());
            peer = Identity.ANONYMOUS;
        }
        if (frameEnd - frame < Frames.BODY_OFFSET) {
            abort(tooShort(frameEnd - frame));
            return;
        }
        long requestId = Frames.requestId(in, frame);
        int type = in.getInt(frame + Frames.TYPE_OFFSET);
        if (type != Frames.V1_REQUEST) {
            answers.failure(
                    requestId, new Failure(ErrorCode.BAD_REQUEST, "message type " + type + " is not taken here"));
        } else if (!isRefused(requestId)) {
            try {
                handleVersion1Request(requestId, in, frame, frameEnd);
            } catch (QueryableStateException e) {
                refuse(requestId, Failure.of(e));
            }
        }
    }

    /** Refuses a request, whatever it is, when nothing can be begun. */
    private boolean isRefused(long requestId) {
        if (draining) {
            answers.failure(requestId, new Failure(ErrorCode.SHUTTING_DOWN, "this server is shutting down"));
            return true;
        }
        int limit = server.options().maxInFlightOfLoop();
        if (context().requestsInFlight() >= limit) {
            refuse(requestId, new Failure(ErrorCode.OVERLOADED, "this server works on " + limit + " requests already"));
            return true;
        }
        return false;
    }

    private void refuse(long requestId, Failure reason) {
        stats.requestStarted();
        stats.requestFailed(reason.code(), 0);
        answers.failure(requestId, reason);
    }

    private static QueryableStateException tooShort(int frameBytes) {
        return new QueryableStateException(
                ErrorCode.PROTOCOL_VIOLATION,
                "frame of " + (frameBytes - Integer.BYTES) + " bytes, expected at least " + HEADER_LENGTH);
    }

    /** Says why and closes: the peer does not speak this protocol, or may not speak to this server. */
    private void abort(QueryableStateException reason) {
        end(reason, answers);
    }

    private void end(QueryableStateException reason, Answers lastWord) {
        if (answers.isDecided()) {
            LOG.debug("Closing {}: {}", channelContext().channel(), reason.getMessage());
        } else {
            server.refusals().refused(channelContext().channel().remoteAddress(), reason.text());
        }
        stopReading();
        // Their answers would come after the stream has ended.
        open.abandonAll();
        lastWord.connectionFailure(Failure.of(reason));
        closeWhenWritten();
    }

    private void closeWhenWritten() {
        if (!closing) {
            closing = true;
            output().whenWritten(written -> linger());
        }
    }

    /**
     * Ends the stream and gives the peer time to read it: closing a socket while requests lie in it unread resets the
     * connection, and the last answers would be lost on the way.
     */
    private void linger() {
        SslHandler tls = channelContext().pipeline().get(SslHandler.class);
        if (tls == null || !channelContext().channel().isActive()) {
            endStream();
        } else {
            tls.closeOutbound().addListener(said -> endStream());
        }
    }

    private void endStream() {
        if (channelContext().channel() instanceof DuplexChannel channel && channel.isActive()) {
            channel.shutdownOutput();
            discardInput();
            context().deadlines().add(new LingerEnd(context().nanoTime() + LINGER_NANOS));
        } else {
            closeNow();
        }
    }

    /** Reads on unless the peer has too much under way or does not read its answers. */
    protected final void resumeIfPossible() {
        if (open.weight() < maxInFlight() && !output().isCongested() && !output().isFilled()) {
            resumeReading();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        surplus = !server.add(this);
        if (surplus) {
            acceptFrames(ServerConnections.MAX_STRANGERS_BYTES);
        }
        context().watch(this);
        stats.connectionOpened();
        patience.handshakeBegins(context().nanoTime());
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        server.remove(this);
        context().unwatch(this);
        stats.connectionClosed();
        open.abandonAll();
        ctx.fireChannelInactive();
    }

    @Override
    protected final void onPeerReads() {
        patience.peerReads();
    }

    @Override
    protected void onWritabilityChanged() {
        resumeIfPossible();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                patience.handshakeBegins(context().nanoTime());
                peer = server.certified(ctx.pipeline().get(SslHandler.class));
            } else {
                server.tlsFailed(ctx, handshake.cause());
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException || TlsFailures.of(cause) != null) {
            LOG.debug("Lost {}: {}", ctx.channel(), cause.toString());
            ctx.close();
        } else {
            LOG.warn("Closing {} after an unexpected error", ctx.channel(), cause);
            abort(new QueryableStateException(ErrorCode.STATE_FAILED, "internal error"));
        }
    }

    @Override
    public void look(long nowNanos) {
        String why = patience.end(nowNanos);
        if (why != null) {
            LOG.debug("Closing {}: {}", channelContext().channel(), why);
            closeNow();
        }
    }

    /** Whether the peer has said hello or sent a request. */
    final boolean isGreeted() {
        return answers.isDecided();
    }

    /** Whether a first request is on its way, which only version 1 begins with. */
    final boolean isReceivingRequest() {
        return server.allowsVersion1() && isReceivingFrame();
    }

    /** Whether the peer does not read what it is sent. */
    final boolean isCongested() {
        // What a connection that closes has still to write counts even if it is little: nothing else would end the
        // wait.
        return output().isCongested() || (closing && output().pendingBytes() > 0);
    }

    /** Whether nothing is under way, on a connection that may be closed for that. */
    final boolean isIdle() {
        return answers.isVersion2() && open.isEmpty();
    }

    private final class LingerEnd extends Deadline {

        LingerEnd(long deadlineNanos) {
            super(deadlineNanos);
        }

        @Override
        protected void deadlineExpired() {
            closeNow();
        }
    }
}
