package io.queryablestate.flinkdemo;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Some askers, each of which asks for one word after the other, with a pause between them. */
final class Load {

    private static final int ASKERS = 4;
    private static final Executor AFTER_A_PAUSE = CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS);
    private static final Duration END = Duration.ofSeconds(20);

    private final CheckedCounts counts;
    private final List<String> words;
    private final CompletableFuture<?> ended;
    private volatile boolean stopped;

    /** Starts to ask for random words of the text. */
    Load(CheckedCounts counts) {
        this.counts = counts;
        this.words = counts.job().text().words();
        this.ended = CompletableFuture.allOf(
                IntStream.range(0, ASKERS).mapToObj(asker -> startAsker()).toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<Void> startAsker() {
        CompletableFuture<Void> asker = new CompletableFuture<>();
        ask(asker);
        return asker;
    }

    private void ask(CompletableFuture<Void> asker) {
        if (stopped) {
            asker.complete(null);
            return;
        }
        counts.ask(words.get(ThreadLocalRandom.current().nextInt(words.size())))
                .thenRunAsync(() -> ask(asker), AFTER_A_PAUSE);
    }

    /** Asks no more; says whether everything that was asked has been answered. */
    boolean stop() {
        stopped = true;
        return ended.copy()
                .completeOnTimeout(null, END.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(any -> ended.isDone())
                .join();
    }
}
