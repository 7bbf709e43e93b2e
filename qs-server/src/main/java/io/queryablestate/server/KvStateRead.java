package io.queryablestate.server;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.QueryableStateException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The read of one key on its way from the registry to its answer. The thread that runs it, the timer and whoever closes the state
 * may all want to answer; the first one does. Nothing here throws, since it may run on the owner's thread.
 */
final class KvStateRead implements ReadTask, ReadContext {

    private static final AtomicIntegerFieldUpdater<KvStateRead> ANSWERED =
            AtomicIntegerFieldUpdater.newUpdater(KvStateRead.class, "answered");

    private final RegisteredKvState target;
    private final PendingRead pending;
    private final RegistryContext context;
    private final byte[] key;
    private final long deadlineNanos;
    private volatile int answered;

    KvStateRead(RegisteredKvState target, PendingRead pending, RegistryContext context) {
        this.target = target;
        this.pending = pending;
        this.context = context;
        this.key = pending.keyAndNamespace();
        this.deadlineNanos = pending.deadlineNanos();
    }

    @Override
    public RegisteredKvState target() {
        return target;
    }

    @Override
    public long deadlineNanos() {
        return deadlineNanos;
    }

    @Override
    public int keys() {
        return 1;
    }

    @Override
    public int bytes() {
        return key.length;
    }

    boolean isAnswered() {
        return answered != 0;
    }

    @Override
    public boolean isPointless(long now) {
        return now - deadlineNanos >= 0 || isAbandoned();
    }

    @Override
    public void drop() {
        fail(ErrorCode.DEADLINE_EXCEEDED, "the deadline has passed");
    }

    @Override
    public int run(int maxKeys, long timeNanos) {
        run(context.now());
        return 1;
    }

    /** One run is all it takes. */
    @Override
    public boolean isFinished() {
        return true;
    }

    /** Touches the state, unless that is pointless by now, and answers. On a thread that the state's read mode allows. */
    void run(long now) {
        if (isAnswered()) {
            return;
        }
        if (isPointless(now)) {
            drop();
            return;
        }
        byte @Nullable [] value;
        try {
            value = readUnderLease();
        } catch (QueryableStateException e) {
            fail(e.code(), e.text());
            return;
        } catch (Throwable e) {
            stateFailed(e);
            return;
        }
        int limit = context.options().responseLimit();
        if (value != null && value.length > limit) {
            fail(ErrorCode.FRAME_TOO_LARGE, tooLarge(value.length, limit));
        } else {
            succeed(value);
        }
    }

    @Override
    public void check(long bytesSoFar) {
        if (target.isClosed()) {
            throw new QueryableStateException(ErrorCode.UNKNOWN_KV_STATE_ID, RegisteredKvState.UNREGISTERED);
        }
        if (isPointless(context.now())) {
            throw new QueryableStateException(
                    ErrorCode.DEADLINE_EXCEEDED, "the deadline passed while the state was read");
        }
        int limit = context.options().responseLimit();
        if (bytesSoFar > limit) {
            throw new QueryableStateException(ErrorCode.FRAME_TOO_LARGE, tooLarge(bytesSoFar, limit));
        }
    }

    @Override
    public void fail(ErrorCode code, String text) {
        if (ANSWERED.compareAndSet(this, 0, 1)) {
            try {
                pending.fail(code, text);
            } catch (Throwable e) {
                callbackFailed(e);
            }
        }
    }

    private void succeed(byte @Nullable [] value) {
        if (ANSWERED.compareAndSet(this, 0, 1)) {
            try {
                pending.succeed(value);
            } catch (Throwable e) {
                callbackFailed(e);
            }
        }
    }

    private byte @Nullable [] readUnderLease() throws Exception {
        // Closing refuses leases before it drops the state, so a lease taken after this look protects what it saw.
        KvState state = target.state();
        if (state == null || !target.lease().acquire()) {
            throw new QueryableStateException(ErrorCode.UNKNOWN_KV_STATE_ID, RegisteredKvState.UNREGISTERED);
        }
        try {
            return state.read(key, this);
        } finally {
            target.lease().release();
        }
    }

    private boolean isAbandoned() {
        try {
            return pending.isAbandoned();
        } catch (Throwable e) {
            callbackFailed(e);
            return true;
        }
    }

    private void stateFailed(Throwable error) {
        if (error instanceof InterruptedException) {
            // Whoever interrupted this thread, such as a task's cancellation, meant the thread and not the read.
            Thread.currentThread().interrupt();
        }
        fail(ErrorCode.STATE_FAILED, "reading the state failed; the server's log has the details");
        context.log().warn("Reading state " + target.describe() + " failed", error);
    }

    private void callbackFailed(Throwable error) {
        context.log().warn("The asker of a read of " + target.describe() + " threw", error);
    }

    private static String tooLarge(long bytes, int limit) {
        return "a value of " + bytes + " bytes exceeds the limit of " + limit;
    }
}
