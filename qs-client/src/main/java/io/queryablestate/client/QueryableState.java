package io.queryablestate.client;

import io.queryablestate.client.serialization.KeyAndNamespace;
import io.queryablestate.client.serialization.KeySerializer;
import io.queryablestate.client.serialization.Serializer;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.client.serialization.VoidNamespace;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.routing.CachedLocation;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * One queryable state of one job, ready to be asked for keys. Immutable and thread-safe; costs nothing to keep.
 *
 * @param <K> the keys
 * @param <V> what a key has: a value, a list, a map
 */
public final class QueryableState<K, V> {

    private final QueryableStateClient client;
    private final JobReference job;
    private final StateName name;
    private final KeySerializer<K> keySerializer;
    private final StateDescriptor<V> descriptor;
    private final Duration timeout;

    QueryableState(
            QueryableStateClient client,
            JobReference job,
            StateName name,
            KeySerializer<K> keySerializer,
            StateDescriptor<V> descriptor,
            Duration timeout) {
        this.client = client;
        this.job = job;
        this.name = name;
        this.keySerializer = keySerializer;
        this.descriptor = descriptor;
        this.timeout = timeout;
    }

    /**
     * The same state with another time limit for each request; the client's request timeout otherwise.
     *
     * @param requestTimeout 1 ms to one day
     * @throws IllegalArgumentException if it is not in that range
     */
    public QueryableState<K, V> withTimeout(Duration requestTimeout) {
        ClientOptions.checkTimeout(requestTimeout);
        return new QueryableState<>(client, job, name, keySerializer, descriptor, requestTimeout);
    }

    /**
     * What the state has for a key.
     *
     * @return empty if the key is absent; fails with {@link io.queryablestate.messages.QueryableStateException}, within
     *     the time limit. Completed where callbacks run; cancelling it ends the request
     */
    public CompletableFuture<Optional<V>> get(K key) {
        return get(key, VoidNamespace.INSTANCE, Serializers.VOID_NAMESPACE);
    }

    /** What the state has for a key in a namespace, such as a window; otherwise as {@link #get(Object)}. */
    public <N> CompletableFuture<Optional<V>> get(K key, N namespace, Serializer<N> namespaceSerializer) {
        return ask(key, namespace, namespaceSerializer, Optional::ofNullable);
    }

    /**
     * What the state has for several keys, asked for together: that costs far less than as many single requests. The keys
     * are cut into requests of at most 1,000 keys and 128 KiB. A key that is given twice is asked for once. Each counts as
     * an open request of the client, so there can be no more of them than {@link
     * QueryableStateClientBuilder#maxOpenRequests}, 10,000 by default.
     *
     * @return never fails: each key is found, absent or failed for itself, by the time limit at the latest, which is one for
     *     all of them. Completed as by {@link #get(Object)}; cancelling it ends the requests
     */
    public CompletableFuture<BatchResult<K, V>> getAll(Collection<? extends K> keys) {
        return getAll(keys, VoidNamespace.INSTANCE, Serializers.VOID_NAMESPACE);
    }

    /** What the state has for several keys in one namespace; otherwise as {@link #getAll(Collection)}. */
    public <N> CompletableFuture<BatchResult<K, V>> getAll(
            Collection<? extends K> keys, N namespace, Serializer<N> namespaceSerializer) {
        Set<K> distinct = new LinkedHashSet<>(keys);
        JobId known = job.id();
        CachedLocation location = known == null ? null : client.locationOf(name, known);
        return new Batches<K, V>(
                        client::beforeWaiting,
                        name,
                        location,
                        distinct,
                        key -> request(key, namespace, namespaceSerializer))
                .start(request -> client.submit(
                        request.size(), loop -> new BatchCall<>(loop, timeout.toNanos(), job, request, descriptor)));
    }

    <N, R> CompletableFuture<R> ask(
            K key, N namespace, Serializer<N> namespaceSerializer, KeyCall.Presentation<V, R> presentation) {
        KeyRequest request;
        try {
            request = request(key, namespace, namespaceSerializer);
        } catch (QueryableStateException e) {
            return CompletableFuture.failedFuture(e);
        }
        return client.submit(loop -> new KeyCall<>(loop, timeout.toNanos(), job, request, descriptor, presentation));
    }

    private <N> KeyRequest request(K key, N namespace, Serializer<N> namespaceSerializer) {
        try {
            return new KeyRequest(
                    name,
                    keySerializer.keyHashCode(key),
                    KeyAndNamespace.serialize(keySerializer, key, namespaceSerializer, namespace));
        } catch (QueryableStateException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new QueryableStateException(
                    ErrorCode.SERIALIZER_MISMATCH,
                    "the hash of a key of type " + keySerializer.typeName() + " cannot be computed",
                    e);
        }
    }
}
