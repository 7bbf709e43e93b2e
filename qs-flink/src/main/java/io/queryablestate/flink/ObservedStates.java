package io.queryablestate.flink;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.queryablestate.KvStateID;
import org.apache.flink.runtime.query.KvStateEntry;
import org.jspecify.annotations.Nullable;

/**
 * Flink's map of registered states, which tells us of each on its task's thread: while the task adds it, and while the
 * task removes it, which is before the state is disposed. Results are those of the map that it stands for.
 */
final class ObservedStates extends ConcurrentHashMap<KvStateID, KvStateEntry<?, ?, ?>> {

    private static final long serialVersionUID = 1L;

    private final transient TaskStates observer;

    ObservedStates(Map<KvStateID, KvStateEntry<?, ?, ?>> states, TaskStates observer) {
        super(states);
        this.observer = observer;
    }

    @Override
    public @Nullable KvStateEntry<?, ?, ?> putIfAbsent(KvStateID id, KvStateEntry<?, ?, ?> entry) {
        KvStateEntry<?, ?, ?> present = super.putIfAbsent(id, entry);
        if (present == null) {
            observer.added(id, entry);
        }
        return present;
    }

    @Override
    public @Nullable KvStateEntry<?, ?, ?> remove(Object id) {
        observer.removed(id);
        return super.remove(id);
    }
}
