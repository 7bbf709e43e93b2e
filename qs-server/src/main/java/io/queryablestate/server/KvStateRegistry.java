package io.queryablestate.server;

import io.queryablestate.messages.CatalogueEntry;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.KeyGroupRange;
import io.queryablestate.messages.KvStateId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The states that one task manager offers for reading. Engines register them, the state server reads them by id.
 * Thread-safe. Has one timer thread, and query threads as pooled reads need them; all are daemons.
 */
public final class KvStateRegistry implements AutoCloseable {

    /** Stands for the key group of a request that does not tell it, as those of protocol version 1. */
    public static final int KEY_GROUP_NOT_TOLD = -1;

    private static final Logger LOG = LoggerFactory.getLogger(KvStateRegistry.class);
    private static final String CLOSED = "the state server is shutting down";

    private final RegistryContext context;
    private final InlineReads inline = new InlineReads();
    private final QueryPool pool;
    private final ConcurrentMap<KvStateId, RegisteredKvState> registered = new ConcurrentHashMap<>();
    private final List<KvStateListener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong incarnations = new AtomicLong();
    private volatile boolean closed;

    /** Starts an empty registry. */
    public KvStateRegistry(KvStateRegistryOptions options) {
        this(options, new TimerThread(options.timerThreadFactory()));
    }

    KvStateRegistry(KvStateRegistryOptions options, Timer timer) {
        this.context = new RegistryContext(options, timer);
        this.pool = new QueryPool(context);
    }

    /** Tells the listener of what is registered and closed from now on. */
    public void addListener(KvStateListener listener) {
        listeners.add(listener);
    }

    /**
     * A queue for the states that one thread owns. Once reads wait in it, one task of ours, never more, is given to the
     * executor. It runs a batch of them and then stays away for a while, so that reading takes no more than the
     * configured share of the owner's time. It never throws. The executor may run it whenever it likes, reject it (what
     * waits then fails as {@code SHUTTING_DOWN}) or lose it (what waits ends at its deadline).
     *
     * @param owner runs tasks on the one thread that may touch the owner's states
     */
    public OwnerQueue newOwnerQueue(Executor owner) {
        return new DrainingOwnerQueue(context, owner);
    }

    /**
     * Offers a state for reading. Listeners are told on this thread.
     *
     * @return to be closed before the state goes away
     * @throws IllegalArgumentException if the id is in use or the owner queue is of another registry
     * @throws IllegalStateException if the registry is closed
     */
    public RegisteredKvState register(KvStateRegistration registration) {
        KvStateInfo info = new KvStateInfo(
                registration.kvStateId(), incarnations.incrementAndGet(), registration.catalogueEntry());
        RegisteredKvState state =
                new RegisteredKvState(info, this, registration.state(), pathOf(registration.readMode()));
        if (registered.putIfAbsent(info.kvStateId(), state) != null) {
            throw new IllegalArgumentException("KvState id " + info.kvStateId() + " is in use");
        }
        if (closed) {
            state.close();
            throw new IllegalStateException("the registry is closed");
        }
        registered.values().forEach(earlier -> earlier.supersededBy(info));
        tell(listener -> listener.registered(info));
        state.announced();
        return state;
    }

    /** What is registered, in the order of registration. */
    public List<CatalogueEntry> catalogue() {
        return registered.values().stream()
                .map(RegisteredKvState::info)
                .sorted(Comparator.comparingLong(KvStateInfo::incarnation))
                .map(KvStateInfo::entry)
                .toList();
    }

    /**
     * Reads one key. Never blocks, unless an inline state does, and never throws; {@code pending} is answered before this
     * returns or later, but soon after its deadline at the latest.
     *
     * @param keyGroup of the key, checked against what the state holds; {@link #KEY_GROUP_NOT_TOLD} skips the check
     */
    public void read(KvStateId id, int keyGroup, PendingRead pending) {
        RegisteredKvState state = find(id, pending);
        if (state == null) {
            // The map is emptied while the registry closes.
            ErrorCode code = closed ? ErrorCode.SHUTTING_DOWN : ErrorCode.UNKNOWN_KV_STATE_ID;
            fail(pending, code, closed ? CLOSED : "no KvState " + id + " is registered here");
            return;
        }
        if (!holds(state, keyGroup)) {
            KeyGroupRange held = state.info().entry().keyGroups();
            fail(pending, ErrorCode.WRONG_KEY_GROUP, "key group " + keyGroup + " is not in " + held);
            return;
        }
        if (state.isSuperseded()) {
            pending.locationIsStale();
        }
        state.start(new KvStateRead(state, pending, context));
    }

    /**
     * Reads several keys of one state; otherwise as {@link #read(KvStateId, int, PendingRead)}. They wait as one, and each
     * is answered for itself.
     *
     * @param keyGroups of the keys, in the order of {@code pending}
     * @param pending at least one, all with the same deadline and abandoned together
     */
    public void read(KvStateId id, int[] keyGroups, List<? extends PendingRead> pending) {
        RegisteredKvState state = find(id, pending.get(0));
        List<KvStateRead> reads = new ArrayList<>(pending.size());
        for (int i = 0; i < keyGroups.length; i++) {
            if (state != null && holds(state, keyGroups[i])) {
                reads.add(new KvStateRead(state, pending.get(i), context));
            } else {
                read(id, keyGroups[i], pending.get(i));
            }
        }
        if (state != null && !reads.isEmpty()) {
            if (state.isSuperseded()) {
                pending.get(0).locationIsStale();
            }
            state.start(new KvStateBatchRead(context, reads));
        }
    }

    private static boolean holds(RegisteredKvState state, int keyGroup) {
        return keyGroup == KEY_GROUP_NOT_TOLD
                || state.info().entry().keyGroups().contains(keyGroup);
    }

    /** The state, unless there is none or the asker may not read it, which must make no difference to anyone. */
    private @Nullable RegisteredKvState find(KvStateId id, PendingRead pending) {
        RegisteredKvState state = registered.get(id);
        if (state == null) {
            return null;
        }
        CatalogueEntry entry = state.info().entry();
        return pending.mayRead(entry.jobId(), entry.stateName()) ? state : null;
    }

    /** How many keys wait to be read by a query thread. */
    public int queuedReads() {
        return pool.queuedReads();
    }

    /**
     * Closes every registration, failing what waits as {@code SHUTTING_DOWN}, gives running reads
     * {@link KvStateRegistryOptions#closeTimeout()} to end, and stops the threads. A read that runs longer keeps its
     * lease: its state must still not be freed before {@link RegisteredKvState#close()} has returned. Calling it again
     * does nothing.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        List<RegisteredKvState> open = List.copyOf(registered.values());
        open.forEach(state -> state.refuse(ErrorCode.SHUTTING_DOWN, CLOSED));
        long end = System.nanoTime() + context.options().closeTimeout().toNanos();
        for (RegisteredKvState state : open) {
            if (!state.awaitReads(end - System.nanoTime())) {
                LOG.warn("State {} is still being read while the state server closes", state.describe());
            }
            state.abort(ErrorCode.SHUTTING_DOWN, CLOSED);
        }
        pool.shutdown();
        context.timer().stop();
    }

    void remove(RegisteredKvState state) {
        registered.remove(state.kvStateId(), state);
    }

    void tellUnregistered(KvStateInfo info) {
        tell(listener -> listener.unregistered(info));
    }

    private void tell(Consumer<KvStateListener> notice) {
        for (KvStateListener listener : listeners) {
            try {
                notice.accept(listener);
            } catch (Throwable e) {
                context.log().warn("A listener to KvState registrations threw", e);
            }
        }
    }

    private void fail(PendingRead pending, ErrorCode code, String text) {
        try {
            pending.fail(code, text);
        } catch (Throwable e) {
            context.log().warn("The asker of a read threw", e);
        }
    }

    private ReadPath pathOf(ReadMode mode) {
        if (!(mode instanceof ReadMode.Owner byOwner)) {
            return mode instanceof ReadMode.Pooled ? pool : inline;
        }
        DrainingOwnerQueue queue = (DrainingOwnerQueue) byOwner.queue();
        if (!queue.belongsTo(context)) {
            throw new IllegalArgumentException("the owner queue is of another registry");
        }
        return queue;
    }
}
