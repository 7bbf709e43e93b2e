package io.queryablestate.flinkdemo;

import io.queryablestate.client.QueryableState;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.QueryableStateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the counts of a job, and checks each answer: a count never goes back, except to what the checkpoint held from
 * which the job was restored; it is never more than the job can have counted; and a failure is typed and comes in time.
 * Thread-safe, except that one thread calls {@link #mayBeRestored} and {@link #isRestored}.
 */
final class CheckedCounts {

    /** By how much a request may miss its deadline on a busy machine. */
    private static final Duration TOLERANCE = Duration.ofSeconds(1);

    private final CountedJob job;
    private final QueryableState<String, Long> state;
    private final long latestNanos;
    private final LongAdder right = new LongAdder();
    private final Map<ErrorCode, LongAdder> failures = new ConcurrentSkipListMap<>();
    private final Queue<String> mistakes = new ConcurrentLinkedQueue<>();
    private volatile Floors floors = new Floors(true, Map.of());

    /**
     * Checks what is asked through it.
     *
     * @param timeout how long one request may take
     */
    CheckedCounts(CountedJob job, QueryableState<String, Long> state, Duration timeout) {
        this.job = job;
        this.state = state.withTimeout(timeout);
        this.latestNanos = timeout.plus(TOLERANCE).toNanos();
    }

    CountedJob job() {
        return job;
    }

    /** Asks how often a word has come; 0 if never. Empty if the request has failed; never fails. */
    CompletableFuture<Optional<Long>> ask(String word) {
        Floors asked = floors;
        long atLeast = asked.of(word);
        long start = System.nanoTime();
        return state.get(word).handle((answer, failure) -> {
            if (System.nanoTime() - start > latestNanos) {
                mistakes.add("a request for \"" + word + "\" took " + (System.nanoTime() - start) / 1_000_000 + " ms");
            }
            if (failure != null) {
                countFailure(failure);
                return Optional.empty();
            }
            long count = answer.orElse(0L);
            check(word, count, asked, atLeast);
            return Optional.of(count);
        });
    }

    private void check(String word, long count, Floors asked, long atLeast) {
        Floors now = floors;
        long floor = now == asked ? atLeast : Math.min(atLeast, now.of(word));
        long ceiling = job.atMost(word);
        if (count < floor || count > ceiling) {
            mistakes.add("\"" + word + "\" was " + count + ", not " + floor + " to " + ceiling);
            return;
        }
        right.increment();
        if (now == asked) {
            now.raise(word, count);
        }
    }

    private void countFailure(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof QueryableStateException typed) {
            failures.computeIfAbsent(typed.code(), code -> new LongAdder()).increment();
        } else {
            mistakes.add("a failure was not typed: " + cause);
        }
    }

    /**
     * From now on the job may be restored from a checkpoint.
     *
     * @param inCheckpoint counts that it holds at least
     */
    void mayBeRestored(Map<String, Long> inCheckpoint) {
        floors = new Floors(false, inCheckpoint);
    }

    /** The job runs again: what is asked from now on is answered by the restored job, whose counts do not go back. */
    void isRestored() {
        floors = new Floors(true, floors.counts);
    }

    /** How many answers were right. */
    long right() {
        return right.sum();
    }

    /** The requests that have failed, by error. */
    Map<ErrorCode, Long> failures() {
        Map<ErrorCode, Long> counts = new ConcurrentSkipListMap<>();
        failures.forEach((code, count) -> counts.put(code, count.sum()));
        return counts;
    }

    /** What must not happen and did. */
    Collection<String> mistakes() {
        List<String> named = new ArrayList<>();
        mistakes.forEach(mistake -> named.add(job.name() + ": " + mistake));
        return named;
    }

    /** What counts cannot be below. */
    private static final class Floors {

        private final boolean rising;
        private final Map<String, Long> counts;

        Floors(boolean rising, Map<String, Long> counts) {
            this.rising = rising;
            this.counts = new ConcurrentHashMap<>(counts);
        }

        long of(String word) {
            @Nullable Long count = counts.get(word);
            return count == null ? 0 : count;
        }

        void raise(String word, long count) {
            if (rising) {
                counts.merge(word, count, Math::max);
            }
        }
    }
}
