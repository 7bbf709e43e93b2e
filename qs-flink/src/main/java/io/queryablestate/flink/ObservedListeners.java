package io.queryablestate.flink;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.queryablestate.KvStateID;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.query.KvStateRegistryListener;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.jspecify.annotations.Nullable;

/**
 * Flink's map of those who tell the jobs' masters of states, which tells us first: only here does a state get its name.
 * Whoever puts a listener in gets the same one out, except that {@link #get} returns the one that tells us too.
 */
final class ObservedListeners extends ConcurrentHashMap<JobID, KvStateRegistryListener> {

    private static final long serialVersionUID = 1L;

    private final transient TaskStates observer;

    ObservedListeners(Map<JobID, KvStateRegistryListener> listeners, TaskStates observer) {
        super(listeners);
        this.observer = observer;
    }

    @Override
    public @Nullable KvStateRegistryListener putIfAbsent(JobID jobId, KvStateRegistryListener listener) {
        return original(super.putIfAbsent(jobId, new ObservedListener(listener, observer, new ConcurrentHashMap<>())));
    }

    @Override
    public @Nullable KvStateRegistryListener remove(Object jobId) {
        return original(super.remove(jobId));
    }

    private static @Nullable KvStateRegistryListener original(@Nullable KvStateRegistryListener listener) {
        return listener instanceof ObservedListener observed ? observed.listener() : listener;
    }

    /**
     * A listener that is told of the end of those registrations only that it was told of, and of no end while another
     * registration of the same state is left. A notice of an end names the state but not the registration, so it would take
     * the location of a later one. That happens when a job has a new master: a task that the old one has left behind ends
     * late, and the notice goes to the new master, which may have the state of the task's successor by then.
     */
    private record ObservedListener(
            KvStateRegistryListener listener, TaskStates observer, Map<KvStateID, Announced> announced)
            implements KvStateRegistryListener {

        /** Ours first: once the job's master is told, lookups may come. */
        @Override
        public void notifyKvStateRegistered(
                JobID jobId, JobVertexID vertexId, KeyGroupRange keyGroups, String stateName, KvStateID id) {
            observer.named(jobId, keyGroups, stateName, id);
            announced.put(id, new Announced(vertexId, keyGroups, stateName));
            try {
                listener.notifyKvStateRegistered(jobId, vertexId, keyGroups, stateName, id);
            } catch (RuntimeException | Error e) {
                // The task does not learn the id, so it will never remove this state.
                observer.removed(id);
                announced.remove(id);
                throw e;
            }
        }

        @Override
        public void notifyKvStateUnregistered(
                JobID jobId, JobVertexID vertexId, KeyGroupRange keyGroups, String stateName) {
            Object id = observer.lastRemovedByThisThread();
            Announced ended = id == null ? null : announced.remove(id);
            if (ended != null && !announced.containsValue(ended)) {
                listener.notifyKvStateUnregistered(jobId, vertexId, keyGroups, stateName);
            }
        }
    }

    /** What the notice of an end tells of a state. */
    private record Announced(JobVertexID vertexId, KeyGroupRange keyGroups, String stateName) {}
}
