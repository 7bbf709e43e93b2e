package io.queryablestate.flinkclient;

import io.queryablestate.client.serialization.KeySerializer;
import io.queryablestate.client.serialization.Serializer;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.VoidNamespace;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.QueryableStateException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeHint;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.jspecify.annotations.Nullable;

/**
 * A client with the constructors and methods of Flink's {@code org.apache.flink.queryablestate.client.QueryableStateClient},
 * so that a program moves over by changing the import. What a program may notice is that requests end: within 2 seconds,
 * or whatever the client that it is built on says, with a state, an
 * {@link io.queryablestate.client.UnknownKeyOrNamespaceException} or a {@link QueryableStateException}.
 *
 * <p>Thread-safe, except that a descriptor without a serializer is for one thread at a time, as in Flink. New programs are
 * better off with {@link FlinkTypes} and the typed client, which make serializers once and not for each request.
 */
public final class QueryableStateClient {

    private final io.queryablestate.client.QueryableStateClient client;
    private volatile @Nullable ExecutionConfig executionConfig;
    private volatile @Nullable ClassLoader userClassLoader;

    /**
     * Starts a client of one proxy.
     *
     * @param remoteHostname the proxy's host, which must resolve now, and is resolved again for each connection
     * @param remotePort 1 to 65535
     * @throws UnknownHostException if the name does not resolve
     * @throws IllegalArgumentException if the port is not in that range
     */
    public QueryableStateClient(String remoteHostname, int remotePort) throws UnknownHostException {
        this(startClient(resolvable(remoteHostname), remotePort));
    }

    /**
     * Starts a client of one proxy.
     *
     * @param remotePort 1 to 65535
     * @throws IllegalArgumentException if the port is not in that range
     */
    public QueryableStateClient(InetAddress remoteAddress, int remotePort) {
        this(startClient(remoteAddress.getHostAddress(), remotePort));
    }

    /**
     * Asks through a client that was set up otherwise: several proxies, another timeout, a token. That client is closed
     * when this one is shut down.
     */
    public QueryableStateClient(io.queryablestate.client.QueryableStateClient client) {
        this.client = client;
    }

    /** Checked now only because Flink's client does; the name is what connections are made to. */
    private static String resolvable(String hostname) throws UnknownHostException {
        InetAddress.getByName(hostname);
        return hostname;
    }

    private static io.queryablestate.client.QueryableStateClient startClient(String host, int port) {
        return io.queryablestate.client.QueryableStateClient.builder()
                .proxy(host, port)
                .build();
    }

    /** Shuts down without waiting: requests under way fail as {@code CLIENT_CLOSED}; completes when that is done. */
    public CompletableFuture<?> shutdownAndHandle() {
        return client.closeAsync();
    }

    /** Shuts down and waits until that is done, a few seconds at most. */
    public void shutdownAndWait() {
        client.close();
    }

    /** The configuration of serializers that was set; null for the default. */
    public @Nullable ExecutionConfig getExecutionConfig() {
        return executionConfig;
    }

    /** Sets the configuration of serializers, null for the default, and returns the former one. */
    public @Nullable ExecutionConfig setExecutionConfig(@Nullable ExecutionConfig config) {
        ExecutionConfig former = executionConfig;
        executionConfig = config;
        return former;
    }

    /**
     * Sets the class loader in which the classes of keys and values are found, null for that of the calling thread, and
     * returns the former one.
     */
    public @Nullable ClassLoader setUserClassLoader(@Nullable ClassLoader userClassLoader) {
        ClassLoader former = this.userClassLoader;
        this.userClassLoader = userClassLoader;
        return former;
    }

    /** Reads one key; as {@link #getKvState(JobID, String, Object, TypeInformation, StateDescriptor)}. */
    public <K, S extends State, V> CompletableFuture<S> getKvState(
            JobID jobId,
            String queryableStateName,
            K key,
            TypeHint<K> keyTypeHint,
            StateDescriptor<S, V> stateDescriptor) {
        return getKvState(jobId, queryableStateName, key, keyTypeHint.getTypeInfo(), stateDescriptor);
    }

    /**
     * Reads one key.
     *
     * @param queryableStateName the name under which the state is queryable, which need not be the descriptor's
     * @return the state, which refuses to be changed with an {@link UnsupportedOperationException}. Fails with
     *     {@link io.queryablestate.client.UnknownKeyOrNamespaceException} if the key is absent, and with
     *     {@link QueryableStateException} for everything else, a key that cannot be serialized included. Cancelling it
     *     ends the request
     */
    public <K, S extends State, V> CompletableFuture<S> getKvState(
            JobID jobId,
            String queryableStateName,
            K key,
            TypeInformation<K> keyTypeInfo,
            StateDescriptor<S, V> stateDescriptor) {
        return ask(types -> getKvState(
                jobId,
                queryableStateName,
                key,
                types.keySerializer(keyTypeInfo),
                VoidNamespace.INSTANCE,
                Serializers.VOID_NAMESPACE,
                StateReader.of(types, stateDescriptor)));
    }

    /** Reads one key in a namespace, such as a window; otherwise as without. */
    public <K, N, S extends State, V> CompletableFuture<S> getKvState(
            JobID jobId,
            String queryableStateName,
            K key,
            N namespace,
            TypeInformation<K> keyTypeInfo,
            TypeInformation<N> namespaceTypeInfo,
            StateDescriptor<S, V> stateDescriptor) {
        return ask(types -> getKvState(
                jobId,
                queryableStateName,
                key,
                types.keySerializer(keyTypeInfo),
                namespace,
                types.serializer(namespaceTypeInfo),
                StateReader.of(types, stateDescriptor)));
    }

    private <S> CompletableFuture<S> ask(Question<S> question) {
        ExecutionConfig config = executionConfig;
        ClassLoader classLoader = userClassLoader;
        try {
            return question.ask(FlinkTypes.ofDefaults()
                    .withConfig(config == null ? new ExecutionConfig() : config)
                    .withClassLoader(
                            classLoader == null ? Thread.currentThread().getContextClassLoader() : classLoader));
        } catch (QueryableStateException e) {
            return CompletableFuture.failedFuture(e);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(new QueryableStateException(
                    ErrorCode.SERIALIZER_MISMATCH, "the types cannot be serialized: " + e.getMessage(), e));
        }
    }

    private <K, N, R, S> CompletableFuture<S> getKvState(
            JobID jobId,
            String stateName,
            K key,
            KeySerializer<K> keySerializer,
            N namespace,
            Serializer<N> namespaceSerializer,
            StateReader<R, S> reader) {
        CompletableFuture<R> asked = client.getKvState(
                new JobId(jobId.getUpperPart(), jobId.getLowerPart()),
                stateName,
                key,
                keySerializer,
                namespace,
                namespaceSerializer,
                reader.descriptor());
        CompletableFuture<S> state = asked.thenApply(reader.view());
        // Cancelled by the caller, it takes the request with it; else there is nothing left to cancel.
        state.whenComplete((answer, failure) -> asked.cancel(true));
        return state;
    }

    /** A request, with the types as they are configured when it is made. */
    @FunctionalInterface
    private interface Question<S> {
        CompletableFuture<S> ask(FlinkTypes types);
    }
}
