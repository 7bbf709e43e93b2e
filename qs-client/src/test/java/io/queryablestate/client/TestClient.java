package io.queryablestate.client;

import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.network.CountingStats;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A client and the one state that most tests ask, from strings to longs. */
final class TestClient implements AutoCloseable {

    static final JobId JOB = new JobId(1, 2);
    static final byte[] FIVE = Serializers.serialize(Serializers.LONG, 5L);

    final CountingStats stats = new CountingStats();
    final QueryableStateClient client;
    final QueryableState<String, Long> counts;

    private TestClient(UnaryOperator<QueryableStateClientBuilder> options, List<ServerAddress> proxies) {
        QueryableStateClientBuilder builder = QueryableStateClient.builder().stats(stats);
        proxies.forEach(builder::proxy);
        this.client = options.apply(builder).build();
        this.counts = client.state(JOB, "counts", Serializers.STRING, StateDescriptor.value(Serializers.LONG));
    }

    static TestClient of(ServerAddress... proxies) {
        return of(options -> options, proxies);
    }

    static TestClient of(UnaryOperator<QueryableStateClientBuilder> options, ServerAddress... proxies) {
        return new TestClient(options, List.of(proxies));
    }

    /** Waits for the failure of a request. */
    static QueryableStateException failureOf(CompletableFuture<?> future) throws Exception {
        try {
            Object value = future.get(20, TimeUnit.SECONDS);
            throw new AssertionError("not a failure but " + value);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof QueryableStateException typed) {
                return typed;
            }
            throw new AssertionError("not a typed failure", e);
        }
    }

    ErrorCode failure() throws Exception {
        return failureOf(counts.get("key")).code();
    }

    /** Waits for a value. */
    long value() throws Exception {
        return counts.get("key").get(20, TimeUnit.SECONDS).orElseThrow();
    }

    static Duration timed(ThrowingRunnable work) throws Exception {
        long begin = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Something that takes time. */
    @FunctionalInterface
    interface ThrowingRunnable {
        void run() throws Exception;
    }

    @Override
    public void close() {
        client.close();
    }
}
