package io.queryablestate.cli;

import io.queryablestate.client.QueryableState;
import io.queryablestate.messages.ErrorCode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Asks, and takes the time of each answer. Requests may begin and end on any thread; progress and result are for one.
 *
 * @param <K> the keys
 * @param <V> the values
 */
final class BenchRun<K, V> {

    private static final int DIGITS = 3;

    private final QueryableState<K, V> state;
    private final Supplier<K> keys;
    private final ValueCheck<K, V> check;
    private final Recorder recorder = new Recorder(TimeUnit.HOURS.toNanos(1), DIGITS);
    private final Histogram total = new Histogram(TimeUnit.HOURS.toNanos(1), DIGITS);
    private final LongAdder absent = new LongAdder();
    private final LongAdder wrong = new LongAdder();
    private final Map<ErrorCode, LongAdder> errors = new ConcurrentHashMap<>();
    private final long startNanos = System.nanoTime();
    private long lastNanos = startNanos;

    BenchRun(QueryableState<K, V> state, Supplier<K> keys, ValueCheck<K, V> check) {
        this.state = state;
        this.keys = keys;
        this.check = check;
    }

    /** Begins a request; the future ends with it and never fails. */
    CompletableFuture<?> ask() {
        K key = keys.get();
        long start = System.nanoTime();
        return state.get(key).handle((value, failure) -> {
            recorder.recordValue(System.nanoTime() - start);
            if (failure == null) {
                countAnswer(key, value);
            } else {
                countFailure(failure);
            }
            return null;
        });
    }

    private void countAnswer(K key, Optional<V> value) {
        if (value.isEmpty()) {
            absent.increment();
        } else if (!check.isRight(key, value.get())) {
            wrong.increment();
        }
    }

    private void countFailure(Throwable failure) {
        errors.computeIfAbsent(Failures.typed(failure).code(), code -> new LongAdder())
                .increment();
    }

    /** A line about the time since the last one. */
    String progress(int second) {
        Histogram interval = recorder.getIntervalHistogram();
        total.add(interval);
        long now = System.nanoTime();
        double rate = interval.getTotalCount() * 1e9 / (now - lastNanos);
        lastNanos = now;
        return BenchResult.text(
                "%3d s  %,9.0f requests/s  p99 %s  errors %d",
                second,
                rate,
                BenchResult.millis(interval.getValueAtPercentile(99)),
                errorCounts().values().stream().mapToLong(Long::longValue).sum());
    }

    /** Everything so far. */
    BenchResult result() {
        total.add(recorder.getIntervalHistogram());
        return new BenchResult(
                total,
                System.nanoTime() - startNanos,
                errorCounts(),
                absent.sum(),
                check.isReal() ? wrong.sum() : BenchResult.UNCHECKED);
    }

    private Map<ErrorCode, Long> errorCounts() {
        Map<ErrorCode, Long> counts = new TreeMap<>();
        errors.forEach((code, count) -> counts.put(code, count.sum()));
        return counts;
    }
}
