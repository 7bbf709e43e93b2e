package io.queryablestate.embedded;

import io.queryablestate.client.QueryableState;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.client.QueryableStateClientBuilder;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.ServerAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What the tests of this module do with the real client, bounded in time. */
final class Ask {

    static final StateDescriptor<Long> LONG = StateDescriptor.value(Serializers.LONG);

    private static final long LIMIT_SECONDS = 20;

    private Ask() {}

    static QueryableStateClientBuilder client(Collection<ServerAddress> proxies) {
        QueryableStateClientBuilder builder = QueryableStateClient.builder();
        proxies.forEach(builder::proxy);
        return builder;
    }

    static QueryableStateClient through(EmbeddedCluster cluster) {
        return client(cluster.proxyAddresses()).build();
    }

    static QueryableStateClient through(EmbeddedTaskManager taskManager) {
        return client(List.of(taskManager.proxyAddress())).build();
    }

    static QueryableState<Integer, Long> counts(QueryableStateClient client, EmbeddedJob job) {
        return client.state(job.jobId(), "counts", Serializers.INT, LONG);
    }

    static EmbeddedState<Integer, Long> addCounts(EmbeddedJob job) {
        return job.addState("counts", Serializers.INT, StateDescriptor.value(Serializers.LONG));
    }

    /** Fails by the exception that the request has failed with. */
    static <T> T value(CompletableFuture<Optional<T>> answer) {
        return answer(answer).orElseThrow(() -> new AssertionError("the key was absent"));
    }

    static <T> T answer(CompletableFuture<T> answer) {
        try {
            return answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof QueryableStateException typed) {
                throw typed;
            }
            throw new AssertionError("not a typed failure", e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no answer within " + LIMIT_SECONDS + " s", e);
        }
    }
}
