package io.queryablestate.proxy;

import io.netty.buffer.ByteBuf;
import io.queryablestate.messages.Disposition;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.KvStateInternalRequestCodec;
import io.queryablestate.messages.KvStatePlacement;
import io.queryablestate.messages.KvStateRequestCodec;
import io.queryablestate.network.Call;
import io.queryablestate.network.Deadline;
import io.queryablestate.network.FrameOutput;
import io.queryablestate.network.PeerConnection;
import io.queryablestate.network.ServerExchange;
import io.queryablestate.routing.CachedLocation;
import io.queryablestate.routing.LocationKey;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through the proxy: downstream an exchange with the client, upstream a call to a state server.
 * One object for both, so that the good path allocates nothing else; what can be found again is not kept:
 *
 * <pre>
 *   client ──▶ location (recent or looked up) ──▶ key group ──▶ state server ──▶ answer ──▶ client
 *                 ▲                                                 │ refresh-location failure
 *                 └───────── pause, location marked stale ◀─────────┘ at most maxAttempts times
 * </pre>
 *
 * The key and namespace stay in the buffer they were read into, which is kept until the exchange ends, since a retry
 * sends them again. Everything happens on the event loop of the client's connection.
 */
final class ProxyExchange extends ServerExchange implements Call {

    static final Failure NOT_FOUND_IN_TIME =
            new Failure(ErrorCode.LOOKUP_TIMED_OUT, "the location of the state was not found");

    private static final int MAX_TEXT = 160;

    private final ProxyHandler client;
    private final ByteBuf buffer;
    private final int keyOffset;
    private final int keyLength;
    private final int keyHashCode;

    private byte failedAttempts;
    private @Nullable LocationKey locationKey;
    private @Nullable CachedLocation location;
    private @Nullable PeerConnection server;
    private long callId;
    private @Nullable Failure lastFailure;
    private boolean lookingUp;

    ProxyExchange(ProxyHandler client, long requestId, KvStateRequestCodec request, ByteBuf in) {
        super(client, requestId, request.budgetMillis());
        this.client = client;
        this.buffer = in.retain();
        this.keyOffset = request.keyOffset();
        this.keyLength = request.keyLength();
        this.keyHashCode = request.keyHashCode();
    }

    private ProxyLoop loop() {
        return client.loop();
    }

    /** Sends the request to the state server that the location names. */
    void forward(CachedLocation found) {
        location = found;
        KvStatePlacement holder = found.placementOf(found.keyGroupOf(keyHashCode));
        if (holder == null) {
            failed(new Failure(
                    ErrorCode.NO_SERVER_FOR_KEY_GROUP,
                    "no state server holds key group " + found.keyGroupOf(keyHashCode) + " of \""
                            + found.location().stateName() + "\""));
            return;
        }
        PeerConnection connection = loop().connections().to(holder.server());
        server = connection;
        callId = connection.send(this);
    }

    /** Finds the location first; everybody who asks for it at the same time joins one lookup. */
    void lookUp(LocationKey key) {
        locationKey = key;
        lookingUp = true;
        loop().locations().get(key, location, loop().context().loop()).whenComplete((found, failure) -> {
            if (loop().context().loop().inEventLoop()) {
                lookedUp(found, failure);
            } else {
                loop().context().loop().execute(() -> lookedUp(found, failure));
            }
        });
    }

    private void lookedUp(@Nullable CachedLocation found, @Nullable Throwable failure) {
        lookingUp = false;
        if (hasEnded()) {
            workEnded();
            return;
        }
        if (found != null) {
            loop().recent().add(found);
            forward(found);
        } else {
            failed(LocationExchange.typed(failure));
        }
    }

    @Override
    public void encode(FrameOutput out, long callNumber, boolean version1) {
        CachedLocation used = location;
        KvStatePlacement holder = used == null ? null : used.placementOf(used.keyGroupOf(keyHashCode));
        if (holder == null || used == null) {
            throw new IllegalStateException("sent without a placement");
        }
        writeRequest(
                out,
                callNumber,
                version1,
                loop().remainingMillis(deadlineNanos()),
                holder,
                used.keyGroupOf(keyHashCode),
                buffer,
                keyOffset,
                keyLength);
    }

    /** Writes the request for one key, which lies in {@code in}, to the state server that holds it. */
    static void writeRequest(
            FrameOutput out,
            long callNumber,
            boolean version1,
            int budgetMillis,
            KvStatePlacement holder,
            int keyGroup,
            ByteBuf in,
            int keyOffset,
            int keyLength) {
        int payload = keyLength <= FrameOutput.COPY_LIMIT ? keyLength : 0;
        ByteBuf head;
        if (version1) {
            head = out.reserve(KvStateInternalRequestCodec.VERSION_1_HEADER_BYTES + payload);
            KvStateInternalRequestCodec.encodeVersion1Header(head, callNumber, holder.kvStateId(), keyLength);
        } else {
            head = out.reserve(KvStateInternalRequestCodec.HEADER_BYTES + payload);
            KvStateInternalRequestCodec.encodeHeader(
                    head, callNumber, budgetMillis, holder.kvStateId(), keyGroup, keyLength);
        }
        if (payload == keyLength) {
            head.writeBytes(in, keyOffset, keyLength);
        } else {
            out.append(in.retainedSlice(keyOffset, keyLength));
        }
    }

    @Override
    public void onValue(ByteBuf in, int offset, int length) {
        PeerConnection answering = server;
        server = null;
        client.expectedAnswers().answered(length);
        value(in, offset, length);
        if (answering != null && client.output().isCongested()) {
            client.upstreamHold().hold(answering);
        }
    }

    @Override
    public void onAbsent() {
        server = null;
        client.expectedAnswers().answered(0);
        absent();
    }

    @Override
    public void onFailure(Failure failure) {
        server = null;
        client.expectedAnswers().failed(failure.code());
        failed(failure);
    }

    @Override
    public void onConnectionFailure(Failure failure) {
        server = null;
        failed(loop().failures().shown(failure));
    }

    private void failed(Failure failure) {
        if (hasEnded()) {
            return;
        }
        lastFailure = failure;
        if (failure.isFinal() || failure.code().disposition() != Disposition.REFRESH_LOCATION) {
            fail(failure);
            return;
        }
        failedAttempts++;
        if (failedAttempts >= loop().maxAttempts()
                || !loop().retries().tryRetry(loop().context().nanoTime())) {
            fail(failure.asFinal());
        } else {
            client.retried();
            // A client that keeps locations itself had better ask again.
            locationIsStale();
            loop().context()
                    .deadlines()
                    .add(new RetryPause(loop().context().nanoTime() + loop().retryPauseNanos(failedAttempts)));
        }
    }

    private void retry() {
        LocationKey key = locationKey;
        CachedLocation used = location;
        if (hasEnded()) {
            return;
        }
        if (key == null && used != null) {
            key = new LocationKey(used.location().jobId(), used.location().stateName());
        }
        if (key == null) {
            throw new IllegalStateException("retried without a location or a lookup");
        }
        lookUp(key);
    }

    @Override
    protected Failure deadlineFailure() {
        Failure cause = lastFailure;
        PeerConnection waitedFor = server;
        Failure obstacle = waitedFor == null ? null : waitedFor.obstacle();
        if (obstacle != null) {
            cause = loop().failures().shown(obstacle);
        }
        if (cause == null && lookingUp) {
            cause = NOT_FOUND_IN_TIME;
        }
        return cause == null ? super.deadlineFailure() : overdue(cause, failedAttempts);
    }

    /** What to tell the client when time has run out, and why it was needed. */
    static Failure overdue(Failure cause, int failedAttempts) {
        String text = cause.text().length() > MAX_TEXT ? cause.text().substring(0, MAX_TEXT) : cause.text();
        return new Failure(
                cause.code(), text + " (deadline exceeded after " + failedAttempts + " failed attempts)", true);
    }

    /** A lookup keeps everybody who waits for it. */
    @Override
    protected boolean isWorkUnderWay() {
        return lookingUp;
    }

    @Override
    protected void onEnd() {
        PeerConnection asked = server;
        if (asked != null) {
            server = null;
            asked.cancel(callId);
        }
        buffer.release();
    }

    /** The time before the next attempt. */
    private final class RetryPause extends Deadline {

        RetryPause(long untilNanos) {
            super(untilNanos);
        }

        @Override
        protected void deadlineExpired() {
            retry();
        }
    }
}
