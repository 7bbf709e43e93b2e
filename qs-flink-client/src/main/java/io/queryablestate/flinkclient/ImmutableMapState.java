package io.queryablestate.flinkclient;

import java.util.Iterator;
import java.util.Map;
import org.apache.flink.api.common.state.MapState;
import org.jspecify.annotations.Nullable;

/**
 * The answer for a map state.
 *
 * @param map the entries, unmodifiable
 */
record ImmutableMapState<K, V>(Map<K, V> map) implements MapState<K, V> {

    @Override
    public @Nullable V get(K key) {
        return map.get(key);
    }

    @Override
    public boolean contains(K key) {
        return map.containsKey(key);
    }

    @Override
    public Iterable<Map.Entry<K, V>> entries() {
        return map.entrySet();
    }

    @Override
    public Iterable<K> keys() {
        return map.keySet();
    }

    @Override
    public Iterable<V> values() {
        return map.values();
    }

    @Override
    public Iterator<Map.Entry<K, V>> iterator() {
        return map.entrySet().iterator();
    }

    @Override
    public boolean isEmpty() {
        return map.isEmpty();
    }

    @Override
    public void put(K key, V value) {
        throw Immutable.refused();
    }

    @Override
    public void putAll(Map<K, V> entries) {
        throw Immutable.refused();
    }

    @Override
    public void remove(K key) {
        throw Immutable.refused();
    }

    @Override
    public void clear() {
        throw Immutable.refused();
    }
}
