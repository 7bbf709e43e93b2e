package io.queryablestate.client;

import io.queryablestate.messages.QueryableStateException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What became of the keys of a {@link QueryableState#getAll}: each of them is in exactly one of {@link #found()}, {@link
 * #absent()} and {@link #failed()}. Immutable.
 *
 * @param <K> the keys
 * @param <V> what a key has
 */
public final class BatchResult<K, V> {

    private final Map<K, V> found;
    private final Set<K> absent;
    private final Map<K, QueryableStateException> failed;

    /** Of collections that nobody changes any more. */
    BatchResult(Map<K, V> found, Set<K> absent, Map<K, QueryableStateException> failed) {
        this.found = Collections.unmodifiableMap(found);
        this.absent = Collections.unmodifiableSet(absent);
        this.failed = Collections.unmodifiableMap(failed);
    }

    /** The results of several batches as one. */
    static <K, V> BatchResult<K, V> union(List<BatchResult<K, V>> results) {
        Map<K, V> found = new LinkedHashMap<>();
        Set<K> absent = new LinkedHashSet<>();
        Map<K, QueryableStateException> failed = new LinkedHashMap<>();
        for (BatchResult<K, V> result : results) {
            found.putAll(result.found);
            absent.addAll(result.absent);
            failed.putAll(result.failed);
        }
        return new BatchResult<>(found, absent, failed);
    }

    /** The keys that have a value, with it. */
    public Map<K, V> found() {
        return found;
    }

    /** The keys for which the state has none. */
    public Set<K> absent() {
        return absent;
    }

    /** The keys that could not be read, and why. */
    public Map<K, QueryableStateException> failed() {
        return failed;
    }

    /**
     * What a single request for the key would have given.
     *
     * @return empty if the key is absent
     * @throws QueryableStateException if the key could not be read
     * @throws IllegalArgumentException if the key was not asked for
     */
    public Optional<V> get(K key) {
        QueryableStateException failure = failed.get(key);
        if (failure != null) {
            throw failure;
        }
        V value = found.get(key);
        if (value == null && !absent.contains(key)) {
            throw new IllegalArgumentException("a key that was not asked for");
        }
        return Optional.ofNullable(value);
    }

    /**
     * This result, for callers to whom some of the keys are of no use.
     *
     * @throws QueryableStateException the first failure, if there is one
     */
    public BatchResult<K, V> orThrow() {
        if (!failed.isEmpty()) {
            throw failed.values().iterator().next();
        }
        return this;
    }

    @Override
    public String toString() {
        return "BatchResult[" + found.size() + " found, " + absent.size() + " absent, " + failed.size() + " failed]";
    }
}
