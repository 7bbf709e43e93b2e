package io.queryablestate.flink;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Lists states, and reads states with string keys, through this project's client library. Only types of the JDK and
 * {@link LookupException} are in its methods, since the library lives in a class loader of its own.
 */
public interface StateReader extends AutoCloseable {

    /** A value state of strings. Fails with {@link LookupException}, by the client's timeout at the latest. */
    CompletableFuture<Optional<String>> get(String jobId, String stateName, String key);

    /** A state of this kind with values of this type, both as the catalogue calls them. Fails in the same way. */
    CompletableFuture<? extends Optional<?>> get(
            String jobId, String stateName, String kind, String valueType, String key);

    /** What the proxies list, each line a state on one task manager: job, name, kind, types and key groups. */
    CompletableFuture<List<String>> catalogue();

    @Override
    void close();
}
