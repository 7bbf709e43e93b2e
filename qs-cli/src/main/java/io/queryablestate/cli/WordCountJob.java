package io.queryablestate.cli;

import io.queryablestate.client.serialization.KeySerializer;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.client.serialization.ValueStateDescriptor;
import io.queryablestate.embedded.EmbeddedCluster;
import io.queryablestate.embedded.EmbeddedJob;
import io.queryablestate.embedded.EmbeddedState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A job that counts words in a keyed state. It also keeps, apart from that state, how often it has begun and how often it
 * has finished to count each word: a count that is read must lie between what had been finished before the question and
 * what has been begun by the time of the answer.
 */
final class WordCountJob {

    static final String NAME = "word-count";
    static final String STATE = "word-counts";
    static final KeySerializer<String> KEYS = Serializers.STRING;
    static final ValueStateDescriptor<Long> VALUES = StateDescriptor.value(Serializers.LONG);

    private static final int KEY_GROUPS = 128;

    private final EmbeddedJob job;
    private final EmbeddedState<String, Long> counts;
    private final Map<String, Progress> progress = new ConcurrentHashMap<>();
    private long counted;

    private WordCountJob(EmbeddedJob job) {
        this.job = job;
        this.counts = job.addState(STATE, KEYS, VALUES);
    }

    static WordCountJob start(EmbeddedCluster cluster) {
        return new WordCountJob(cluster.startJob(NAME, cluster.taskManagers().size(), KEY_GROUPS));
    }

    EmbeddedJob job() {
        return job;
    }

    /** Counts all words as fast as it can. */
    void count(List<String> words) {
        words.forEach(this::count);
    }

    /**
     * Counts words, and the first ones again after the last one, spread over time.
     *
     * @param round how long all words take, if they can be counted as fast
     * @param go asked before each word whether to go on, with the number of words counted by this call
     */
    void count(List<String> words, Duration round, Continuation go) {
        long start = System.nanoTime();
        for (long i = 0; go.goesOn(i); i++) {
            long due = (long) (round.toNanos() * ((double) i / words.size()));
            for (long early = due - (System.nanoTime() - start); early > 0; early = due - (System.nanoTime() - start)) {
                LockSupport.parkNanos(early);
            }
            count(words.get((int) (i % words.size())));
        }
    }

    private void count(String word) {
        Progress ofWord = progress.computeIfAbsent(word, ignored -> new Progress());
        ofWord.begun.incrementAndGet();
        counts.update(word, count -> count == null ? 1 : count + 1);
        ofWord.finished.incrementAndGet();
        counted++;
    }

    /** How many words have been counted; for the thread that counts, or after it has ended. */
    long counted() {
        return counted;
    }

    /** How often the word has certainly been counted. */
    long atLeast(String word) {
        Progress ofWord = progress.get(word);
        return ofWord == null ? 0 : ofWord.finished.get();
    }

    /** How often the word can have been counted at most. */
    long atMost(String word) {
        Progress ofWord = progress.get(word);
        return ofWord == null ? 0 : ofWord.begun.get();
    }

    /** Whether to count another word. */
    @FunctionalInterface
    interface Continuation {
        boolean goesOn(long counted);
    }

    private static final class Progress {
        private final AtomicLong begun = new AtomicLong();
        private final AtomicLong finished = new AtomicLong();
    }
}
