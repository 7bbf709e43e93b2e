package io.queryablestate.flink;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.KeyGroupRange;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.StateKind;
import io.queryablestate.server.KvState;
import io.queryablestate.server.KvStateRegistration;
import io.queryablestate.server.KvStateRegistry;
import io.queryablestate.server.OwnerQueue;
import io.queryablestate.server.ReadMode;
import io.queryablestate.server.RegisteredKvState;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.queryablestate.KvStateID;
import org.apache.flink.runtime.query.KvStateEntry;
import org.apache.flink.runtime.state.internal.InternalKvState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the states that tasks register with Flink to our registry, and away again. A state is added first, without its
 * name, then named, and removed before it is disposed; all three on the thread of its task.
 *
 * <p>Every state is read by its task, between two records, whatever backend or wrapper it is of, except for those of
 * RocksDB that {@link RocksDbReads} lets query threads read. A state whose task cannot be reached, or whose keys cannot be
 * checked, is registered too, so that lookups are told why they fail.
 *
 * <p>Nothing here throws, as that would fail the job.
 */
final class TaskStates {

    private static final Logger LOG = LoggerFactory.getLogger(TaskStates.class);
    private static final ThreadLocal<Object> LAST_REMOVED = new ThreadLocal<>();

    private final KvStateRegistry registry;
    private final RocksDbReads rocksDbReads;
    private final boolean allowUncheckedKeys;
    private final ConcurrentMap<KvStateID, TaskState> states = new ConcurrentHashMap<>();
    private final Set<String> warnings = ConcurrentHashMap.newKeySet();

    TaskStates(KvStateRegistry registry, QueryableStateSettings settings) {
        this.registry = registry;
        this.rocksDbReads = settings.rocksDbReads();
        this.allowUncheckedKeys = settings.allowUncheckedKeys();
    }

    /** How many states have been added and not been removed. */
    int size() {
        return states.size();
    }

    /** How many of them refuse every lookup. */
    int refused() {
        return (int)
                states.values().stream().filter(state -> state.owner() == null).count();
    }

    void added(KvStateID id, KvStateEntry<?, ?, ?> entry) {
        guarded("register", id, () -> states.put(id, taskStateOf(entry)));
    }

    void named(JobID jobId, org.apache.flink.runtime.state.KeyGroupRange keyGroups, String stateName, KvStateID id) {
        guarded("register", id, () -> {
            TaskState state = states.get(id);
            if (state != null) {
                state.registered = registry.register(state.builder()
                        .kvStateId(FlinkIds.of(id))
                        .jobId(FlinkIds.of(jobId))
                        .stateName(stateName)
                        .keyGroups(
                                state.maxParallelism(keyGroups.getEndKeyGroup()),
                                new KeyGroupRange(keyGroups.getStartKeyGroup(), keyGroups.getEndKeyGroup()))
                        .build());
            }
        });
    }

    void removed(Object id) {
        LAST_REMOVED.set(id);
        guarded("unregister", id, () -> {
            TaskState state = states.remove(id);
            if (state != null) {
                state.close();
            }
        });
    }

    /** Flink tells of an end on the thread that has removed the state, right after, and does not say which one it was. */
    @Nullable
    Object lastRemovedByThisThread() {
        Object id = LAST_REMOVED.get();
        LAST_REMOVED.remove();
        return id;
    }

    private TaskState taskStateOf(KvStateEntry<?, ?, ?> entry) {
        try {
            OwningTask owner = ownerOf(RunningTask.ofCurrentThread());
            FlinkKvState<?, ?, ?> state = FlinkKvState.of(entry, keyCheckOf(entry.getState()));
            return rocksDbReads.allowConcurrent(entry.getState())
                    ? new TaskState(entry, new ConcurrentKvState(state), ReadMode.pooled(), owner)
                    : new TaskState(entry, state, ReadMode.owner(owner.queue()), owner);
        } catch (TaskUnreachableException e) {
            return refused(entry, "its task cannot be reached", String.valueOf(e.getMessage()), e);
        } catch (UncheckedKeyException e) {
            return refused(
                    entry,
                    "its keys cannot be checked",
                    "keys or namespaces of " + e.getMessage() + " cannot be checked before they are read; "
                            + QueryableStateSettings.ALLOW_UNCHECKED_KEYS.key() + " lets any bytes be read",
                    e);
        } catch (RuntimeException | LinkageError e) {
            String reason = "this version of Flink, or a serializer of the state, is not supported";
            return refused(entry, reason, reason, e);
        }
    }

    private @Nullable KeyCheck keyCheckOf(InternalKvState<?, ?, ?> state) throws UncheckedKeyException {
        try {
            return KeyCheck.of(state.getKeySerializer(), state.getNamespaceSerializer());
        } catch (UncheckedKeyException e) {
            if (allowUncheckedKeys) {
                return null;
            }
            throw e;
        }
    }

    /** Peers are told nothing of this process's classes and flags, the log says what to do. */
    private TaskState refused(KvStateEntry<?, ?, ?> entry, String toldToPeers, String reason, Throwable cause) {
        if (warnings.add(reason)) {
            LOG.warn("Lookups of queryable state are refused, its job is not affected: {}", reason);
            LOG.debug("Why the state cannot be read", cause);
        }
        KvState refusing = (key, context) -> {
            throw new QueryableStateException(
                    ErrorCode.STATE_FAILED,
                    "the state cannot be read: " + toldToPeers + "; the task manager's log says more");
        };
        return new TaskState(entry, refusing, ReadMode.inline(), null);
    }

    /** All states of a task share one queue, so that reading all of them keeps to one share of the task's time. */
    private OwningTask ownerOf(RunningTask task) {
        return states.values().stream()
                .map(TaskState::owner)
                .filter(owner -> owner != null && owner.task() == task.task())
                .findAny()
                .orElseGet(() ->
                        new OwningTask(task.task(), task.maxParallelism(), registry.newOwnerQueue(task.mailbox())));
    }

    private static void guarded(String what, Object id, Runnable action) {
        try {
            action.run();
        } catch (Throwable e) {
            try {
                LOG.warn("Cannot {} queryable state {}; its job is not affected", what, id, e);
            } catch (Throwable logging) {
                // A log that fails has nowhere to say so, and the job must not be told.
            }
        }
    }

    /** A task with states, and where reads wait for it. */
    private record OwningTask(Object task, int maxParallelism, OwnerQueue queue) {}

    private static final class TaskState {

        private final KvStateEntry<?, ?, ?> entry;
        private final KvState state;
        private final ReadMode readMode;
        private final @Nullable OwningTask owner;
        private volatile @Nullable RegisteredKvState registered;

        TaskState(KvStateEntry<?, ?, ?> entry, KvState state, ReadMode readMode, @Nullable OwningTask owner) {
            this.entry = entry;
            this.state = state;
            this.readMode = readMode;
            this.owner = owner;
        }

        @Nullable
        OwningTask owner() {
            return owner;
        }

        /** At least as many key groups as the state's last one tells of, if the task is not known. */
        int maxParallelism(int lastKeyGroup) {
            return owner == null ? lastKeyGroup + 1 : owner.maxParallelism();
        }

        KvStateRegistration.Builder builder() {
            StateKind kind = FlinkKvState.kindOf(entry.getState());
            return KvStateRegistration.builder()
                    .kind(kind)
                    .types(
                            TypeNames.of(entry.getState().getKeySerializer()),
                            TypeNames.ofValue(kind, entry.getState().getValueSerializer()))
                    .state(state, readMode);
        }

        void close() {
            RegisteredKvState open = registered;
            if (open != null) {
                open.close();
            }
        }
    }
}
