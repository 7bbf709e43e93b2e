package io.queryablestate.client;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.KvStatePlacement;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.routing.CachedLocation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The caller's keys, cut into requests, and the one future of their results; cancelling it ends the requests. Each key that
 * could not be asked for is a failed one.
 *
 * @param <K> the keys
 * @param <V> what the state holds
 */
final class Batches<K, V> extends AnswerFuture<BatchResult<K, V>> {

    private final List<BatchRequest<K>> requests = new ArrayList<>();
    private final Map<K, QueryableStateException> unasked = new LinkedHashMap<>();
    private final List<CompletableFuture<BatchResult<K, V>>> calls = new ArrayList<>();
    private final AtomicInteger running = new AtomicInteger();

    /**
     * Cuts the keys.
     *
     * @param beforeWaiting of all event loops of the client
     * @param location by which they are grouped; null for not at all
     */
    Batches(
            Runnable beforeWaiting,
            StateName state,
            @Nullable CachedLocation location,
            Iterable<? extends K> keys,
            Function<K, KeyRequest> toRequest) {
        super(beforeWaiting);
        Map<Optional<KvStatePlacement>, BatchRequest<K>> filling = new HashMap<>();
        for (K key : keys) {
            KeyRequest single;
            try {
                single = toRequest.apply(key);
            } catch (QueryableStateException e) {
                unasked.put(key, e);
                continue;
            }
            KvStatePlacement holder = location == null ? null : single.holderIn(location);
            BatchRequest<K> request = filling.get(Optional.ofNullable(holder));
            if (request == null || !request.hasRoomFor(single)) {
                request = new BatchRequest<>(state, location, holder);
                requests.add(request);
                filling.put(Optional.ofNullable(holder), request);
            }
            request.add(key, single);
        }
    }

    /** Sends the requests; called once, by the thread that made this. */
    Batches<K, V> start(Function<BatchRequest<K>, CompletableFuture<BatchResult<K, V>>> call) {
        running.set(requests.size() + 1);
        requests.forEach(request -> calls.add(call.apply(request)));
        calls.forEach(sent -> sent.whenComplete((result, failure) -> oneEnded()));
        oneEnded();
        return this;
    }

    private void oneEnded() {
        if (running.decrementAndGet() > 0) {
            return;
        }
        List<BatchResult<K, V>> results = new ArrayList<>();
        if (!unasked.isEmpty()) {
            results.add(new BatchResult<>(Map.of(), Set.of(), unasked));
        }
        for (int i = 0; i < calls.size(); i++) {
            results.add(resultOf(requests.get(i), calls.get(i)));
        }
        complete(results.size() == 1 ? results.get(0) : BatchResult.union(results));
    }

    private BatchResult<K, V> resultOf(BatchRequest<K> request, CompletableFuture<BatchResult<K, V>> call) {
        try {
            return call.join();
        } catch (CompletionException e) {
            QueryableStateException failure = e.getCause() instanceof QueryableStateException typed
                    ? typed
                    : new QueryableStateException(ErrorCode.STATE_FAILED, "the answer was not readable", e);
            Map<K, QueryableStateException> failed = new LinkedHashMap<>();
            request.keys().forEach(key -> failed.put(key, failure));
            return new BatchResult<>(Map.of(), Set.of(), failed);
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        calls.forEach(call -> call.cancel(mayInterruptIfRunning));
        return cancelled;
    }
}
