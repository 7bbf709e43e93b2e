package io.queryablestate.flink;

import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.StateKind;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Made by {@link ClientLibrary} within the library's class loader. Public for that only. */
public final class ClientLibraryReader implements StateReader {

    private final QueryableStateClient client;

    /** Connects when asked for the first time. */
    public ClientLibraryReader(List<Integer> proxyPorts) {
        String proxies = proxyPorts.stream().map(port -> "localhost:" + port).collect(Collectors.joining(","));
        client = QueryableStateClient.builder().proxies(proxies).build();
    }

    @Override
    public CompletableFuture<Optional<String>> get(String jobId, String stateName, String key) {
        return get(jobId, stateName, StateDescriptor.value(Serializers.STRING), key);
    }

    @Override
    public CompletableFuture<? extends Optional<?>> get(
            String jobId, String stateName, String kind, String valueType, String key) {
        return get(jobId, stateName, StateDescriptor.forCatalogue(StateKind.valueOf(kind), valueType), key);
    }

    private <V> CompletableFuture<Optional<V>> get(
            String jobId, String stateName, StateDescriptor<V> descriptor, String key) {
        return client.state(JobId.parse(jobId), stateName, Serializers.STRING, descriptor)
                .get(key)
                .handle(ClientLibraryReader::answer)
                .thenCompose(answer -> answer);
    }

    @Override
    public CompletableFuture<List<String>> catalogue() {
        return client.catalogue().thenApply(catalogue -> catalogue.entries().stream()
                .map(entry -> entry.jobId() + " " + entry.stateName() + " " + entry.kind() + " " + entry.keyType() + " "
                        + entry.valueType() + " " + entry.keyGroups())
                .toList());
    }

    private static <V> CompletableFuture<Optional<V>> answer(Optional<V> value, @Nullable Throwable failure) {
        if (failure == null) {
            return CompletableFuture.completedFuture(value);
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return CompletableFuture.failedFuture(
                cause instanceof QueryableStateException typed
                        ? new LookupException(typed.code().name(), String.valueOf(typed.getMessage()))
                        : cause);
    }

    @Override
    public void close() {
        client.close();
    }
}
