package io.queryablestate.server;

import io.queryablestate.messages.CatalogueEntry;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.KvStateId;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A registration in force. Whoever made it closes it before the state goes away. Thread-safe. */
public final class RegisteredKvState implements AutoCloseable {

    static final String UNREGISTERED = "the state was unregistered";

    private static final Logger LOG = LoggerFactory.getLogger(RegisteredKvState.class);
    private static final long WARN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private enum Phase {
        /** Listeners are being told; closing now leaves it to the registering thread to tell them the end. */
        ANNOUNCING,
        OPEN,
        CLOSED
    }

    private final KvStateInfo info;
    private final KvStateRegistry registry;
    private final ReadLease lease = new ReadLease();
    private final DrainingThread drainingThread;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.ANNOUNCING);
    private volatile @Nullable KvState state;
    private volatile boolean superseded;
    private volatile @Nullable ReadPath path;

    RegisteredKvState(KvStateInfo info, KvStateRegistry registry, KvState state, ReadPath path) {
        this.info = info;
        this.registry = registry;
        this.state = state;
        this.path = path;
        this.drainingThread = path.drainingThread();
    }

    /** The id under which the state is read. */
    public KvStateId kvStateId() {
        return info.kvStateId();
    }

    /** Larger than that of every earlier registration in the same registry. */
    public long incarnation() {
        return info.incarnation();
    }

    /** Id, incarnation, and what the catalogue shows. */
    public KvStateInfo info() {
        return info;
    }

    /**
     * Ends the registration: refuses new reads, fails those that wait as {@code UNKNOWN_KV_STATE_ID}, and returns when no
     * read touches the state any more, so that it may be freed. It never gives up and ignores interrupts (the interrupt
     * flag is set again); while it waits it warns each second. Calling it again, also concurrently, waits likewise and
     * does nothing else.
     *
     * <p>For a state that only its owner reads: on the owner's thread nothing can be running, so this returns at once; it
     * does not even wait when called from inside such a read, which is then told to stop at its next check. On any
     * other thread it waits for the one read that the owner may be running, and not for an owner that never comes. An
     * inline or pooled state must not be closed from inside its own read, which would wait for itself.
     */
    @Override
    public void close() {
        refuse(ErrorCode.UNKNOWN_KV_STATE_ID, UNREGISTERED);
        for (int seconds = 1; !awaitReads(WARN_NANOS); seconds++) {
            LOG.warn(
                    "Unregistering {} has waited {} s for {} running read(s) and goes on waiting",
                    describe(),
                    seconds,
                    lease.out());
        }
        path = null;
    }

    /** The first step of closing, which does not wait. */
    void refuse(ErrorCode code, String text) {
        Phase before = phase.getAndSet(Phase.CLOSED);
        lease.refuse();
        state = null;
        ReadPath open = path;
        if (open != null) {
            open.stop(this, code, text);
        }
        if (before != Phase.CLOSED) {
            registry.remove(this);
        }
        if (before == Phase.OPEN) {
            registry.tellUnregistered(info);
        }
    }

    /** The second step of closing; false if the time was up before the last read had ended. */
    boolean awaitReads(long timeoutNanos) {
        return drainingThread.isCurrent() || lease.awaitReturned(timeoutNanos);
    }

    /** Instead of the second step: answers reads that are still running, and waits for them no more. */
    void abort(ErrorCode code, String text) {
        ReadPath open = path;
        if (open != null) {
            open.abort(this, code, text);
        }
        path = null;
    }

    /** Listeners have been told of the registration. */
    void announced() {
        if (!phase.compareAndSet(Phase.ANNOUNCING, Phase.OPEN)) {
            registry.tellUnregistered(info);
        }
    }

    void start(ReadTask read) {
        ReadPath open = path;
        if (open == null) {
            read.fail(ErrorCode.UNKNOWN_KV_STATE_ID, UNREGISTERED);
        } else {
            open.start(read);
        }
    }

    /** Whether some of its key groups have been registered again. */
    boolean isSuperseded() {
        return superseded;
    }

    /** A later registration may be the successor of this one: of the same job and name, with one of its key groups. */
    void supersededBy(KvStateInfo later) {
        CatalogueEntry mine = info.entry();
        CatalogueEntry theirs = later.entry();
        if (info.incarnation() < later.incarnation()
                && mine.jobId().equals(theirs.jobId())
                && mine.stateName().equals(theirs.stateName())
                && mine.keyGroups().overlaps(theirs.keyGroups())) {
            superseded = true;
        }
    }

    boolean isClosed() {
        return lease.isRefused();
    }

    ReadLease lease() {
        return lease;
    }

    @Nullable
    KvState state() {
        return state;
    }

    /** For logs. */
    String describe() {
        return "'" + info.entry().stateName() + "' of job " + info.entry().jobId() + " (" + info.kvStateId() + ")";
    }
}
