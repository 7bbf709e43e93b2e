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
        return original(super.putIfAbsent(jobId, new ObservedListener(listener, observer)));
    }

    @Override
    public @Nullable KvStateRegistryListener remove(Object jobId) {
        return original(super.remove(jobId));
    }

    private static @Nullable KvStateRegistryListener original(@Nullable KvStateRegistryListener listener) {
        return listener instanceof ObservedListener observed ? observed.listener() : listener;
    }

    private record ObservedListener(KvStateRegistryListener listener, TaskStates observer)
            implements KvStateRegistryListener {

        /** Ours first: once the job's master is told, lookups may come. */
        @Override
        public void notifyKvStateRegistered(
                JobID jobId, JobVertexID vertexId, KeyGroupRange keyGroups, String stateName, KvStateID id) {
            observer.named(jobId, keyGroups, stateName, id);
            try {
                listener.notifyKvStateRegistered(jobId, vertexId, keyGroups, stateName, id);
            } catch (RuntimeException | Error e) {
                // The task does not learn the id, so it will never remove this state.
                observer.removed(id);
                throw e;
            }
        }

        @Override
        public void notifyKvStateUnregistered(
                JobID jobId, JobVertexID vertexId, KeyGroupRange keyGroups, String stateName) {
            listener.notifyKvStateUnregistered(jobId, vertexId, keyGroups, stateName);
        }
    }
}
