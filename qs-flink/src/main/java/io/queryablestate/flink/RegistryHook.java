package io.queryablestate.flink;

import java.lang.reflect.Field;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.queryablestate.KvStateID;
import org.apache.flink.runtime.query.KvStateEntry;
import org.apache.flink.runtime.query.KvStateRegistry;
import org.apache.flink.runtime.query.KvStateRegistryListener;

/**
 * Observes Flink's registry of queryable states. Flink has no listener that is called before a state is disposed, so the
 * two maps in which its registry keeps states and listeners are replaced by maps that tell us of what comes and goes.
 * They are private final fields of the same type in Flink 1.20 to 2.3.
 */
final class RegistryHook {

    private RegistryHook() {}

    /**
     * Replaces both maps, or neither. To be called before any task runs.
     *
     * @throws IllegalStateException if this Flink keeps its states in another way: they cannot be read safely then
     */
    static void install(KvStateRegistry registry, TaskStates states) {
        try {
            Field byId = mapField("registeredKvStates");
            Field listeners = mapField("listeners");
            Object flinkStates = byId.get(registry);
            ObservedStates observedStates =
                    new ObservedStates(RegistryHook.<KvStateID, KvStateEntry<?, ?, ?>>map(flinkStates), states);
            ObservedListeners observedListeners = new ObservedListeners(
                    RegistryHook.<JobID, KvStateRegistryListener>map(listeners.get(registry)), states);
            byId.set(registry, observedStates);
            try {
                listeners.set(registry, observedListeners);
            } catch (ReflectiveOperationException | RuntimeException e) {
                byId.set(registry, flinkStates);
                throw e;
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException(
                    "this version of Flink keeps its queryable states in a way that is not known to be safe to read;"
                            + " a newer jar may know it",
                    e);
        }
    }

    private static Field mapField(String name) throws NoSuchFieldException {
        Field field = KvStateRegistry.class.getDeclaredField(name);
        if (!field.getType().equals(ConcurrentHashMap.class)) {
            throw new NoSuchFieldException(name + " is a " + field.getType());
        }
        field.setAccessible(true);
        return field;
    }

    /** The type parameters are those with which Flink declares the field. */
    @SuppressWarnings("unchecked")
    private static <K, V> ConcurrentHashMap<K, V> map(Object value) {
        return (ConcurrentHashMap<K, V>) value;
    }
}
