package io.queryablestate.network;

import io.netty.buffer.ByteBuf;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.QueryableStateException;
import org.jspecify.annotations.Nullable;

/**
 * One request at a server, from its arrival to its one answer. Whatever comes first ends it: an answer, the deadline, or
 * the asker cancelling it or going away; what comes later is ignored. Everything happens on the event loop of the connection.
 *
 * <p>A request that cannot be answered at once is {@linkplain AbstractServerHandler#open opened}; only then does its
 * deadline end it and count it as in flight.
 */
public abstract class ServerExchange extends Deadline {

    private final AbstractServerHandler connection;
    private final long requestId;
    private final long startNanos;
    private boolean locationStale;
    private boolean opened;
    private boolean ended;

    /** The next older one of the exchanges that are open on the connection. */
    @Nullable
    ServerExchange older;

    /** The next newer one. */
    @Nullable
    ServerExchange newer;

    /**
     * A request that has just been read from the connection.
     *
     * @param budgetMillis time left for it, in milliseconds; 0 or less for the server's default
     */
    protected ServerExchange(AbstractServerHandler connection, long requestId, int budgetMillis) {
        super(connection.deadlineNanos(budgetMillis));
        this.connection = connection;
        this.requestId = requestId;
        this.startNanos = connection.lastReadNanos();
        connection.stats().requestStarted();
    }

    /** Whether nobody waits for an answer any more. */
    public final boolean hasEnded() {
        return ended;
    }

    /** Answers with a value, which must not change afterwards. */
    protected final void value(byte[] value) {
        if (accepts(value.length) && begin()) {
            connection.answers().value(flags(), requestId, value);
            succeeded();
        }
    }

    /** Answers with a value that lies in a buffer; the buffer stays the caller's. */
    protected final void value(ByteBuf in, int offset, int length) {
        if (accepts(length) && begin()) {
            connection.answers().value(flags(), requestId, in, offset, length);
            succeeded();
        }
    }

    /** Answers that the state has no value for the key. */
    protected final void absent() {
        if (begin()) {
            connection.answers().absent(flags(), requestId);
            succeeded();
        }
    }

    /** Answers with a message of another kind. */
    protected final void message(Answers.Encoder message) {
        if (!accepts(0) || !begin()) {
            return;
        }
        try {
            connection.answers().message(requestId, message);
        } catch (QueryableStateException e) {
            ended = false;
            fail(Failure.of(e));
            return;
        }
        succeeded();
    }

    /** From now on answers say that the location by which the request came is out of date. */
    public final void locationIsStale() {
        locationStale = true;
    }

    /** The flags of an answer. */
    protected final int flags() {
        return locationStale ? Frames.FLAG_LOCATION_STALE : 0;
    }

    /** The request's id, for what a subclass writes itself. */
    protected final long requestId() {
        return requestId;
    }

    /** Why the peer's buffers do not take that many bytes now; null if they do. Of one answer in parts, each is asked for. */
    protected final @Nullable Failure obstacle(int bytes) {
        return connection.answers().obstacle(bytes);
    }

    /** Ends the exchange well: the subclass has written the last part of an answer itself. */
    protected final void lastPartWritten() {
        if (begin()) {
            succeeded();
        }
    }

    /** How many requests this counts as where requests in flight are limited; at least 1, and always the same. */
    public int weight() {
        return 1;
    }

    /** Answers with a failure. */
    protected final void fail(Failure failure) {
        if (begin()) {
            connection.answers().failure(requestId, failure);
            connection.stats().requestFailed(failure.code(), nanosSinceStart());
            finish();
        }
    }

    /** What to tell the asker when time has run out. */
    protected Failure deadlineFailure() {
        return new Failure(ErrorCode.DEADLINE_EXCEEDED, "the time budget of the request ran out", true);
    }

    /** The exchange has ended in any way: drop what it holds and stop the work for it. Called once. */
    protected abstract void onEnd();

    @Override
    protected final void deadlineExpired() {
        fail(deadlineFailure());
    }

    /**
     * Whether something goes on for this request, now that it has ended, that cannot be stopped. As long as that is so, it counts
     * as under way: who asks and cancels in turn must not pile up work. {@link #workEnded} is called then.
     */
    protected boolean isWorkUnderWay() {
        return false;
    }

    /** What has made {@link #isWorkUnderWay} true is over. Does nothing unless the exchange has ended. */
    protected final void workEnded() {
        if (ended && opened) {
            connection.workEnded(this);
        }
    }

    final void opened() {
        opened = true;
    }

    /** Ends without an answer: the asker has cancelled the request, or has gone. */
    final void abandon() {
        if (begin()) {
            connection.stats().requestAbandoned();
            finish();
        }
    }

    /** Whether the peer's buffers take a value of that size; if not, that is the answer. */
    private boolean accepts(int valueBytes) {
        if (ended) {
            return false;
        }
        Failure obstacle = connection.answers().obstacle(valueBytes);
        if (obstacle != null) {
            fail(obstacle);
        }
        return obstacle == null;
    }

    private boolean begin() {
        boolean first = !ended;
        ended = true;
        return first;
    }

    private void succeeded() {
        connection.stats().requestSucceeded(nanosSinceStart());
        finish();
    }

    private void finish() {
        try {
            onEnd();
        } finally {
            if (opened) {
                connection.context().deadlines().remove(this);
                connection.exchangeEnded(this);
            }
        }
    }

    private long nanosSinceStart() {
        return connection.context().nanoTime() - startNanos;
    }
}
