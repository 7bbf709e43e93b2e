package io.queryablestate.cli;

import static io.queryablestate.cli.BenchResult.millis;
import static io.queryablestate.cli.BenchResult.text;

import io.queryablestate.client.QueryableState;
import io.queryablestate.messages.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/**
 * Asks for the counts of random words and checks each answer against what the job has counted. A question whose request
 * has failed is asked again until it is answered. Thread-safe.
 */
final class CheckedQueries {

    /** By how much a request may miss its deadline. */
    private static final Duration TOLERANCE = Duration.ofMillis(100);

    private static final Executor AFTER_A_PAUSE = CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS);

    private final QueryableState<String, Long> state;
    private final WordCountJob job;
    private final List<String> words;
    private final long latestNanos;

    private final LongAdder questions = new LongAdder();
    private final LongAdder answers = new LongAdder();
    private final LongAdder attempts = new LongAdder();
    private final LongAdder wrong = new LongAdder();
    private final LongAdder late = new LongAdder();
    private final Map<ErrorCode, LongAdder> failures = new ConcurrentSkipListMap<>();
    private final LongAccumulator longestGap = new LongAccumulator(Math::max, 0);

    /**
     * Questions about some words.
     *
     * @param timeout how long one request may take
     */
    CheckedQueries(QueryableState<String, Long> state, WordCountJob job, List<String> words, Duration timeout) {
        this.state = state.withTimeout(timeout);
        this.job = job;
        this.words = words;
        this.latestNanos = timeout.plus(TOLERANCE).toNanos();
    }

    /** Asks one question; ends when it is answered. Never fails. */
    CompletableFuture<?> ask() {
        questions.increment();
        String word = words.get(ThreadLocalRandom.current().nextInt(words.size()));
        CompletableFuture<Void> answered = new CompletableFuture<>();
        attempt(word, System.nanoTime(), answered);
        return answered;
    }

    private void attempt(String word, long askedNanos, CompletableFuture<Void> answered) {
        attempts.increment();
        long atLeast = job.atLeast(word);
        long start = System.nanoTime();
        state.get(word).whenComplete((count, failure) -> {
            long now = System.nanoTime();
            if (now - start > latestNanos) {
                late.increment();
            }
            if (failure != null) {
                failures.computeIfAbsent(Failures.typed(failure).code(), code -> new LongAdder())
                        .increment();
                AFTER_A_PAUSE.execute(() -> attempt(word, askedNanos, answered));
                return;
            }
            check(word, atLeast, count.orElse(0L));
            longestGap.accumulate(now - askedNanos);
            answers.increment();
            answered.complete(null);
        });
    }

    private void check(String word, long atLeast, long count) {
        if (count < atLeast || count > job.atMost(word)) {
            wrong.increment();
        }
    }

    boolean haveWords() {
        return !words.isEmpty();
    }

    /** Requests that failed and were made again, by error. */
    Map<ErrorCode, Long> failures() {
        Map<ErrorCode, Long> counts = new TreeMap<>();
        failures.forEach((code, count) -> counts.put(code, count.sum()));
        return counts;
    }

    /** What happened, for people. */
    List<String> lines() {
        return List.of(
                text("questions %,d, answered %,d, wrong answers %,d", questions.sum(), answers.sum(), wrong.sum()),
                text(
                        "attempts %,d, failed and made again %s",
                        attempts.sum(), failures().isEmpty() ? "0" : failures()),
                text(
                        "longest gap until an answer %s; requests that ended over %d ms after their deadline %,d",
                        millis(longestGap.get()), TOLERANCE.toMillis(), late.sum()));
    }

    /** What must not happen and did. */
    List<String> mistakes() {
        List<String> mistakes = new ArrayList<>();
        if (haveWords() && answers.sum() == 0) {
            mistakes.add("no question was answered");
        }
        if (answers.sum() != questions.sum()) {
            mistakes.add(questions.sum() - answers.sum() + " questions were left without an answer");
        }
        if (wrong.sum() > 0) {
            mistakes.add(wrong.sum() + " answers were wrong");
        }
        if (late.sum() > 0) {
            mistakes.add(late.sum() + " requests ended too late");
        }
        return mistakes;
    }
}
