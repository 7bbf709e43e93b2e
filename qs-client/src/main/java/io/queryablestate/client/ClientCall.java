package io.queryablestate.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.queryablestate.messages.Disposition;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.network.Call;
import io.queryablestate.network.Deadline;
import io.queryablestate.network.PeerConnection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request of the caller over all its attempts: sent to a state server where that is wanted and possible, else to a proxy, to another one when that is lost, draining or
 * overloaded, again after a pause when the state may be available later, until it has an answer, nothing is left to try,
 * or the time is up. Lives on one event loop; the caller's future is completed where callbacks run:
 * after the pass of the loop, or on the caller's executor.
 *
 * @param <R> what the caller gets
 */
abstract class ClientCall<R> extends Deadline implements Call {

    private static final long IMPATIENT_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final ClientLoop loop;
    private final Result future;
    private final long startNanos;
    private @Nullable PeerConnection proxy;
    private boolean direct;
    private boolean directFailed;
    private long callId;
    private int failedAttempts;
    /** Proxies that have failed this call, once there is one. */
    private @Nullable Set<ServerAddress> avoided;

    private @Nullable Failure lastFailure;
    private boolean jobUnknown;
    private boolean overdue;
    private boolean ended;

    /** A call whose time runs from now; made on any thread. */
    ClientCall(ClientLoop loop, long timeoutNanos) {
        super(loop.nanoTime() + timeoutNanos);
        this.loop = loop;
        this.startNanos = loop.nanoTime();
        this.future = new Result();
    }

    /** Decodes a value; called where callbacks run. */
    abstract R decode(byte[] value);

    /** What the caller gets for an absent key; called where callbacks run. */
    abstract R absent();

    /** What the caller gets for a call that has failed, or throws; called where callbacks run. */
    R failed(QueryableStateException error) {
        throw error;
    }

    final ClientLoop loop() {
        return loop;
    }

    /** The state server to ask without a proxy; null if that is not possible now, or not wanted. On the event loop. */
    @Nullable
    PeerConnection stateServer() {
        return null;
    }

    /** The location that {@link #stateServer} has used is out of date, or its server is not there. On the event loop. */
    void stateServerFailed() {
        // Nothing to forget.
    }

    /** Whether this attempt goes to a state server. */
    final boolean isDirect() {
        return direct;
    }

    /** Which proxy is asked; null for any that has not failed the call. */
    @Nullable
    ServerAddress fixedProxy() {
        return null;
    }

    CompletableFuture<R> future() {
        return future;
    }

    /** Begins; on the event loop. */
    final void start() {
        if (!ended) {
            loop.deadlines().add(this);
            begin();
        }
    }

    /** Makes the first attempt, once there is all it needs. On the event loop. */
    void begin() {
        attempt();
    }

    /** Nothing is left to try; {@code failure} is the end, unless a call knows another way. On the event loop. */
    void giveUp(Failure failure) {
        fail(failure);
    }

    /** Makes an attempt as if no proxy had been asked yet. On the event loop. */
    final void attemptAnew() {
        avoided = null;
        jobUnknown = false;
        attempt();
    }

    /** Whether a proxy has not known the job. */
    final boolean wasJobUnknown() {
        return jobUnknown;
    }

    /** What the call waits for, and fails with when its time is up meanwhile. */
    final void waitFor(Failure missing) {
        lastFailure = missing;
    }

    /** Goes on after something that was waited for, unless the call has ended. Any thread. */
    final void resume(Runnable next) {
        loop.executeUnlessClosed(() -> {
            if (!ended) {
                next.run();
            }
        });
    }

    final ScheduledExecutorService timer() {
        return loop.timer();
    }

    /** Whether no time is left. */
    final boolean isOverdue() {
        return overdue;
    }

    /** Time left, as the request tells it to the proxy. */
    final int remainingMillis() {
        return (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNanos() - loop.nanoTime()));
    }

    private void attempt() {
        PeerConnection stateServer = directFailed ? null : stateServer();
        direct = stateServer != null;
        if (stateServer != null) {
            proxy = stateServer;
            callId = stateServer.send(this);
            return;
        }
        ServerAddress fixed = fixedProxy();
        PeerConnection chosen =
                fixed == null ? loop.proxies().choose(avoided) : loop.proxies().connectionTo(fixed);
        proxy = chosen;
        callId = chosen.send(this);
        if (!chosen.isReady() && fixed == null && loop.proxies().count() > 1) {
            loop.deadlines().add(new Impatience(chosen, loop.nanoTime() + IMPATIENT_AFTER_NANOS));
        }
    }

    @Override
    public final void onValue(ByteBuf in, int offset, int length) {
        byte[] value = ByteBufUtil.getBytes(in, offset, length);
        succeed(() -> decode(value));
    }

    @Override
    public final void onAbsent() {
        succeed(this::absent);
    }

    @Override
    public void onFailure(Failure failure) {
        if (ended) {
            return;
        }
        ServerAddress failed = proxyAddress();
        proxy = null;
        lastFailure = failure;
        if (direct && failure.code().disposition() == Disposition.REFRESH_LOCATION) {
            askProxyInstead();
        } else if (failure.code() == ErrorCode.UNKNOWN_JOB) {
            // Not a failed attempt: this proxy has no slot of the job, another one may.
            avoid(failed);
            jobUnknown = true;
            if (hasUntriedProxy()) {
                attempt();
            } else {
                giveUp(failure);
            }
        } else if (failure.isFinal() || failure.code().disposition() == Disposition.FAIL) {
            giveUp(failure);
        } else {
            if (failure.code() == ErrorCode.OVERLOADED || failure.code() == ErrorCode.SHUTTING_DOWN) {
                avoid(failed);
            }
            retry(failure);
        }
    }

    @Override
    public final void onConnectionFailure(Failure failure) {
        if (ended) {
            return;
        }
        ServerAddress failed = proxyAddress();
        proxy = null;
        lastFailure = failure;
        if (direct && failure.code() != ErrorCode.CLIENT_CLOSED) {
            askProxyInstead();
            return;
        }
        avoid(failed);
        if (failure.code() == ErrorCode.CLIENT_CLOSED) {
            fail(failure);
        } else if (failure.code().disposition() == Disposition.FAIL && !hasUntriedProxy()) {
            giveUp(failure);
        } else {
            retry(failure);
        }
    }

    /** A proxy can do what this client does not try: look the location up and retry. Happens once to a call. */
    private void askProxyInstead() {
        directFailed = true;
        stateServerFailed();
        loop.stats().requestRetried();
        attempt();
    }

    private void retry(Failure failure) {
        failedAttempts++;
        if (failedAttempts >= loop.maxAttempts() || !loop.retries().tryRetry(loop.nanoTime())) {
            giveUp(failure);
            return;
        }
        loop.stats().requestRetried();
        if (hasUntriedProxy() && avoided != null) {
            attempt();
        } else {
            avoided = null;
            loop.deadlines().add(new RetryPause(loop.nanoTime() + pauseNanos(failure)));
        }
    }

    /** A random pause, but not before the server wants to be asked again. */
    private long pauseNanos(Failure failure) {
        return loop.retryPauseNanos(failedAttempts) + TimeUnit.MILLISECONDS.toNanos(failure.pauseMillis());
    }

    private void avoid(@Nullable ServerAddress address) {
        if (address != null) {
            if (avoided == null) {
                avoided = new HashSet<>();
            }
            avoided.add(address);
        }
    }

    private @Nullable ServerAddress proxyAddress() {
        return proxy == null || direct ? null : proxy.address();
    }

    private boolean hasUntriedProxy() {
        return fixedProxy() == null && (avoided == null || loop.proxies().hasOther(avoided));
    }

    @Override
    protected final void deadlineExpired() {
        overdue = true;
        PeerConnection waitedFor = proxy;
        Failure cause = waitedFor == null || waitedFor.obstacle() == null ? lastFailure : waitedFor.obstacle();
        if (cause == null) {
            giveUp(new Failure(ErrorCode.DEADLINE_EXCEEDED, "no answer within the request timeout"));
        } else {
            giveUp(new Failure(cause.code(), cause.text() + " (deadline exceeded)"));
        }
    }

    /** Ends the call with what {@code outcome} gives, or throws, where callbacks run. */
    final void succeed(Outcome<R> outcome) {
        if (end()) {
            loop.stats().requestSucceeded(loop.nanoTime() - startNanos);
            tell(outcome);
        }
    }

    /** Ends the call with a failure. */
    final void fail(Failure failure) {
        if (end()) {
            loop.stats().requestFailed(failure.code(), loop.nanoTime() - startNanos);
            String attempts = failedAttempts > 1 ? " (" + failedAttempts + " attempts)" : "";
            QueryableStateException error = new QueryableStateException(failure.code(), failure.text() + attempts);
            tell(() -> failed(error));
        }
    }

    private void tell(Outcome<R> outcome) {
        loop.callback(() -> {
            loop.ended(weight());
            try {
                future.complete(outcome.get());
            } catch (Throwable e) {
                future.completeExceptionally(e);
            }
        });
    }

    private void abandon() {
        if (end()) {
            loop.stats().requestAbandoned();
            loop.ended(weight());
        }
    }

    private boolean end() {
        if (ended) {
            return false;
        }
        ended = true;
        loop.deadlines().remove(this);
        if (proxy != null) {
            proxy.cancel(callId);
            proxy = null;
        }
        return true;
    }

    /** What a call hands to its caller. */
    @FunctionalInterface
    interface Outcome<R> {
        R get();
    }

    /** The caller's future; cancelling it ends the call. */
    private final class Result extends AnswerFuture<R> {
        Result() {
            super(loop.beforeWaiting());
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean cancelled = super.cancel(mayInterruptIfRunning);
            if (cancelled) {
                loop.executeUnlessClosed(ClientCall.this::abandon);
            }
            return cancelled;
        }
    }

    /**
     * The time for which a call waits for a proxy that is not connected yet before it asks another one: a proxy that
     * accepts connections and stays silent must not cost the calls their deadline.
     */
    private final class Impatience extends Deadline {

        private final PeerConnection waitedFor;

        Impatience(PeerConnection waitedFor, long untilNanos) {
            super(untilNanos);
            this.waitedFor = waitedFor;
        }

        @Override
        protected void deadlineExpired() {
            if (ended || proxy != waitedFor || waitedFor.isReady()) {
                return;
            }
            avoid(waitedFor.address());
            if (hasUntriedProxy()) {
                waitedFor.cancel(callId);
                attempt();
            }
        }
    }

    /** The time before the next attempt. */
    private final class RetryPause extends Deadline {

        RetryPause(long untilNanos) {
            super(untilNanos);
        }

        @Override
        protected void deadlineExpired() {
            if (!ended) {
                attempt();
            }
        }
    }
}
