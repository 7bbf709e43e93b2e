package io.queryablestate.flinkdemo;

import io.queryablestate.messages.JobId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches how a job comes back after one of its task managers was killed: when all of its tasks run again, and when a word
 * that the killed task manager held is answered again. For one thread.
 */
final class Recovery {

    /** How long after its tasks run a job is answered for at the latest. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final FlinkCluster cluster;
    private final CheckedCounts counts;
    private final List<String> words;
    private final long killedMillis = System.currentTimeMillis();
    private final long killedNanos = System.nanoTime();
    private @Nullable CompletableFuture<Optional<Long>> question;
    private int asked;
    private long answeredNanos;
    private long runningNanos;

    /**
     * Begins with the moment of the kill.
     *
     * @param words what the killed task manager held
     */
    Recovery(FlinkCluster cluster, CheckedCounts counts, List<String> words) {
        this.cluster = cluster;
        this.counts = counts;
        this.words = words;
    }

    /** Looks again; says whether the job runs and is answered for. To be called until it is so. */
    boolean isOver() throws IOException, InterruptedException {
        if (runningNanos == 0 && isRunningAgain()) {
            runningNanos = System.nanoTime() - killedNanos;
            counts.isRestored();
        }
        if (answeredNanos == 0) {
            lookForAnswer();
        }
        return runningNanos != 0 && answeredNanos != 0;
    }

    private boolean isRunningAgain() throws IOException, InterruptedException {
        JobId job = counts.job().id();
        return cluster.rest().lastRestored(job) >= killedMillis
                && cluster.rest().isRunning(job);
    }

    private void lookForAnswer() {
        if (question != null && question.isDone() && question.join().isPresent()) {
            answeredNanos = System.nanoTime() - killedNanos;
        } else if (question == null || question.isDone()) {
            question = counts.ask(words.get(asked % words.size()));
            asked++;
        }
    }

    /** What must not happen and did. */
    List<String> mistakes() {
        return answeredNanos - runningNanos > LIMIT.toNanos()
                ? List.of(counts.job().name() + " was answered for more than " + LIMIT.toSeconds()
                        + " s after its tasks ran")
                : List.of();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: all tasks RUNNING %.1f s after the kill, first good answer for a word of the killed one after %.1f s",
                counts.job().name(),
                seconds(runningNanos),
                seconds(answeredNanos));
    }

    private static double seconds(long nanos) {
        return (double) nanos / TimeUnit.SECONDS.toNanos(1);
    }
}
