package io.queryablestate.network;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.collection.LongObjectHashMap;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.ServerAddress;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection of one event loop to one server, over all the channels it has in its life: connects when there is
 * something to send, again when the channel was lost and there is something to send, and not more often than the
 * back-off allows. Calls wait for the connection, are matched with their answers by request id, and all fail with its
 * cause when it dies.
 *
 * <pre>
 *            send              welcome
 *   IDLE ──────────▶ CONNECTING ──────▶ READY ──▶ DRAINING (going away: sent calls are still answered)
 *    ▲                   │ failed         │ lost      │ closed
 *    └───────────────────┴────────────────┴───────────┘
 * </pre>
 *
 * All methods are called on the event loop.
 */
public final class PeerConnection {

    private static final Logger LOG = LoggerFactory.getLogger(PeerConnection.class);

    private static final WriteBufferWaterMark WATER_MARKS = new WriteBufferWaterMark(32 * 1024, 64 * 1024);
    /** Attempts are only made for a caller, so the pause is short: it bounds attempts, not recovery. */
    private static final Backoff RECONNECT = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));

    private final EventLoopContext context;
    private final ServerAddress address;
    private final ConnectionOptions options;
    private final Version1Peers version1Peers;
    /** Calls that wait or are under way, by request id. */
    private final LongObjectHashMap<Call> calls = new LongObjectHashMap<>();
    /** Ids of calls that wait to be sent. */
    private final ArrayDeque<Long> waiting = new ArrayDeque<>();
    /** Calls that have failed but have not been told yet, by request id. */
    private final LongObjectHashMap<Call> refused = new LongObjectHashMap<>();

    private State state = State.IDLE;
    private @Nullable ConnectionAttempt attempt;
    private @Nullable PeerHandler channel;
    private long nextId = 1;
    private long lastSentId;
    /** Requests that are under way, each call with its weight. */
    private int inFlight;

    private int failedAttempts;
    private long pauseUntilNanos;
    private @Nullable Failure lastFailure;

    PeerConnection(
            EventLoopContext context, ServerAddress address, ConnectionOptions options, Version1Peers version1Peers) {
        this.context = context;
        this.address = address;
        this.options = options;
        this.version1Peers = version1Peers;
    }

    /** The server. */
    public ServerAddress address() {
        return address;
    }

    /**
     * Sends a request, or lets it wait until it can be sent.
     *
     * @return the number by which the call can be cancelled
     */
    public long send(Call call) {
        long id = nextId++;
        if (waiting.isEmpty() && canTransmit()) {
            calls.put(id, call);
            transmit(id, call);
        } else {
            refuseOrWait(id, call);
        }
        return id;
    }

    /** Forgets a call: the server is told to drop it, and its answer will be ignored. Does nothing if it has ended. */
    public void cancel(long callId) {
        if (refused.remove(callId) != null) {
            return;
        }
        Call call = calls.remove(callId);
        if (call != null) {
            if (callId > lastSentId) {
                waiting.remove(callId);
            } else {
                inFlight -= call.weight();
                tellCancelled(callId);
            }
            sendWaiting();
        }
    }

    /** Before anything else is sent, so that the server has room for what comes next. */
    private void tellCancelled(long callId) {
        if (channel != null) {
            channel.cancel(callId);
        }
    }

    /** Whether a call would be sent at once, or wait only for others. */
    public boolean isReady() {
        return state == State.READY;
    }

    /** Whether a call would fail at once: the server is going away, or an attempt has failed a moment ago. */
    public boolean isUnavailable() {
        return state == State.CLOSED
                || state == State.DRAINING
                || (state == State.IDLE && pauseUntilNanos - context.nanoTime() > 0);
    }

    /** Connects without a call to send, if there is no connection and none is being made. */
    public void prepare() {
        if (state == State.IDLE && !isUnavailable()) {
            connect();
        }
    }

    /** What calls to this server are waiting for, or why they failed last; null if there is nothing in their way. */
    public @Nullable Failure obstacle() {
        ConnectionAttempt current = attempt;
        if (current != null) {
            return current.obstacle();
        }
        return state == State.READY ? null : lastFailure;
    }

    /** Stops reading answers until {@link #resumeReading}, since they cannot be passed on. */
    public void pauseReading() {
        if (channel != null) {
            channel.pauseReading();
        }
    }

    /** Undoes {@link #pauseReading}. */
    public void resumeReading() {
        if (channel != null) {
            channel.resumeReading();
        }
    }

    /** Closes it for good; its calls, and calls made from now on, fail as {@code CLIENT_CLOSED}. */
    public void close() {
        Failure failure = new Failure(ErrorCode.CLIENT_CLOSED, "the client is closed", true);
        lastFailure = failure;
        end(State.CLOSED, failure);
    }

    boolean isUnused() {
        return state == State.IDLE && calls.isEmpty();
    }

    boolean hasCalls() {
        return !calls.isEmpty();
    }

    /** Whether the server may have stopped reading, as it does with so many requests under way. */
    boolean isFull() {
        return inFlight + waiting.size() >= options.maxInFlight();
    }

    EventLoopContext context() {
        return context;
    }

    ConnectionOptions options() {
        return options;
    }

    Version1Peers version1Peers() {
        return version1Peers;
    }

    /** The server has said hello, or is known to speak version 1. */
    void ready(PeerHandler handler) {
        state = State.READY;
        attempt = null;
        channel = handler;
        failedAttempts = 0;
        lastFailure = null;
        sendWaiting();
    }

    /** The server takes no new requests. */
    void goingAway() {
        if (state == State.READY) {
            state = State.DRAINING;
            lastFailure = new Failure(ErrorCode.SHUTTING_DOWN, address + " is shutting down");
            failWaiting(lastFailure);
        }
    }

    /** The attempt has come to nothing. */
    void attemptFailed(ConnectionAttempt failed, Failure failure) {
        if (attempt == failed) {
            failedAttempts++;
            pauseUntilNanos = context.nanoTime() + RECONNECT.nanosAfter(failedAttempts, ThreadLocalRandom.current());
            lastFailure = failure;
            end(State.IDLE, failure);
        }
    }

    /** A channel that was ready has ended. */
    void channelLost(PeerHandler lost, Failure failure) {
        if (channel == lost) {
            if (calls.isEmpty()) {
                LOG.debug("{}", failure.text());
            } else {
                LOG.info("{}, with {} requests under way or waiting", failure.text(), calls.size());
            }
            end(State.IDLE, failure);
        }
    }

    /** The call that an answer is for, which has now ended; null if there is none (any more). */
    @Nullable
    Call answered(long id) {
        if (id > lastSentId) {
            return null;
        }
        Call call = calls.remove(id);
        if (call != null) {
            inFlight -= call.weight();
        }
        if (!waiting.isEmpty()) {
            sendWaiting();
        }
        return call;
    }

    /** The call that a part of an answer is for; null if there is none (any more). */
    @Nullable
    Call sent(long id) {
        return id > lastSentId ? null : calls.get(id);
    }

    private void refuseOrWait(long id, Call call) {
        Failure failure = lastFailure;
        if (isUnavailable() && failure != null) {
            failLater(id, call, refusedCall -> refusedCall.onConnectionFailure(failure));
        } else if (waiting.size() >= options.maxWaiting()) {
            Failure overloaded =
                    new Failure(ErrorCode.OVERLOADED, waiting.size() + " requests wait for " + address + " already");
            failLater(id, call, refusedCall -> refusedCall.onConnectionFailure(overloaded));
        } else {
            calls.put(id, call);
            waiting.add(id);
            if (state == State.IDLE) {
                connect();
            }
        }
    }

    /** Sends what waits, as far as the limits and the server's reading allow. */
    void sendWaiting() {
        while (!waiting.isEmpty() && canTransmit()) {
            long id = waiting.remove();
            transmit(id, calls.get(id));
        }
    }

    private boolean canTransmit() {
        PeerHandler current = channel;
        return state == State.READY && current != null && current.isWritable() && inFlight < options.maxInFlight();
    }

    private void transmit(long id, Call call) {
        PeerHandler current = channel;
        if (current == null) {
            throw new IllegalStateException("ready without a channel");
        }
        lastSentId = id;
        inFlight += call.weight();
        try {
            call.encode(current.output(), id, current.isVersion1());
        } catch (QueryableStateException e) {
            calls.remove(id);
            inFlight -= call.weight();
            failLater(id, call, refusedCall -> refusedCall.onFailure(Failure.of(e)));
        }
    }

    /** Tells a call that it has failed once {@link #send} has returned, unless it is cancelled before. */
    private void failLater(long id, Call call, Consumer<Call> failure) {
        refused.put(id, call);
        context.loop().execute(() -> {
            Call uncancelled = refused.remove(id);
            if (uncancelled != null) {
                failure.accept(uncancelled);
            }
        });
    }

    private void connect() {
        state = State.CONNECTING;
        ConnectionAttempt started = new ConnectionAttempt(this);
        attempt = started;
        context.deadlines().add(started);
        HostResolver.resolve(address.host())
                .whenComplete((host, failure) -> context.loop().execute(() -> {
                    if (failure != null) {
                        started.fail(new Failure(
                                ErrorCode.CONNECTION_REFUSED, "the name \"" + address.host() + "\" does not resolve"));
                    } else if (attempt == started) {
                        connect(started, host);
                    }
                }));
    }

    private void connect(ConnectionAttempt started, InetAddress host) {
        PeerHandler handler = new PeerHandler(this, started);
        new Bootstrap()
                .group(context.loop())
                .channel(Transport.best().clientChannel())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, options.connectTimeoutMillis())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARKS)
                .handler(secured(handler))
                .connect(new InetSocketAddress(host, address.port()))
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        started.fail(notConnected(connected.cause()));
                    }
                });
    }

    /** The handler, behind TLS where that is spoken. */
    private ChannelHandler secured(PeerHandler handler) {
        TlsOptions tls = options.tls();
        if (tls == null) {
            return handler;
        }
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(tls.newClientHandler(channel.alloc(), address), handler);
            }
        };
    }

    private Failure notConnected(Throwable cause) {
        String why = "an error of this machine";
        if (cause instanceof ConnectTimeoutException) {
            why = "not within " + options.connectTimeoutMillis() + " ms";
        } else if (cause instanceof ConnectException) {
            why = "nobody listens there";
        } else {
            LOG.debug("Cannot connect to {}", address, cause);
        }
        return new Failure(ErrorCode.CONNECTION_REFUSED, "no connection to " + address + ": " + why);
    }

    private void failWaiting(Failure failure) {
        for (Long id = waiting.poll(); id != null; id = waiting.poll()) {
            Call call = calls.remove((long) id);
            if (call != null) {
                fail(call, failure);
            }
        }
    }

    private void fail(Call call, Failure failure) {
        try {
            call.onConnectionFailure(failure);
        } catch (RuntimeException e) {
            // The other calls must not stay unanswered because of this one.
            LOG.warn("A failed call to {} was not handled", address, e);
        }
    }

    /** Ends the channel or the attempt and fails all calls, which may make new ones meanwhile. */
    private void end(State next, Failure failure) {
        state = next;
        waiting.clear();
        inFlight = 0;
        List<Call> failed = new ArrayList<>(calls.values());
        calls.clear();
        ConnectionAttempt endedAttempt = attempt;
        attempt = null;
        PeerHandler endedChannel = channel;
        channel = null;
        if (endedAttempt != null) {
            endedAttempt.end();
        }
        if (endedChannel != null) {
            endedChannel.close();
        }
        for (Call call : failed) {
            fail(call, failure);
        }
    }

    private enum State {
        IDLE,
        CONNECTING,
        READY,
        DRAINING,
        CLOSED
    }
}
