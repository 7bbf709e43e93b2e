package io.queryablestate.cli;

import static io.queryablestate.cli.BenchResult.text;

import io.queryablestate.client.QueryableState;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.embedded.EmbeddedCluster;
import io.queryablestate.embedded.EmbeddedJob;
import io.queryablestate.embedded.EmbeddedTaskManager;
import io.queryablestate.messages.KeyGroups;
import io.queryablestate.network.CountingStats;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The story that {@link DemoCommand} tells, and the check of each number in it. For one thread. */
final class Demo {

    /** How long one request may take. */
    static final Duration TIMEOUT = Duration.ofSeconds(2);

    private static final int VICTIM = 1;
    private static final int TOP = 10;

    /** How long the job takes for the text, unless it is too long to be counted as fast. */
    private static final Duration ROUND = Duration.ofSeconds(2);

    private static final long BEFORE_KILL_MILLIS = 2_000;
    private static final long DOWN_MILLIS = 1_000;
    private static final long AFTER_RECOVERY_MILLIS = 2_000;

    private final PrintWriter out;
    private final EmbeddedCluster cluster;
    private final InputText input;
    private final CountingStats clientStats;
    private final WordCountJob job;
    private final QueryableState<String, Long> state;
    private final List<String> mistakes = new ArrayList<>();

    /**
     * A demo on a cluster that has no job yet.
     *
     * @param clientStats what the client tells its counts to
     */
    Demo(
            PrintWriter out,
            EmbeddedCluster cluster,
            QueryableStateClient client,
            CountingStats clientStats,
            InputText input) {
        this.out = out;
        this.cluster = cluster;
        this.input = input;
        this.clientStats = clientStats;
        this.job = WordCountJob.start(cluster);
        this.state = client.state(job.job().jobId(), WordCountJob.STATE, WordCountJob.KEYS, WordCountJob.VALUES);
    }

    /** Tells the whole story; returns whether every number was right. */
    boolean run() throws InterruptedException {
        introduce();
        countWhileQueried();
        compareTopWords();
        killUnderLoad();
        compareAllWords();
        statistics();
        mistakes.forEach(mistake -> out.println("WRONG: " + mistake));
        out.println(mistakes.isEmpty() ? "Every number was right." : "NOT every number was right.");
        return mistakes.isEmpty();
    }

    private void introduce() {
        out.println("A cluster of " + cluster.taskManagers().size() + " task managers runs in this process.");
        for (EmbeddedTaskManager taskManager : cluster.taskManagers()) {
            out.println("  task manager " + taskManager.index() + ": proxy " + taskManager.proxyAddress()
                    + ", state server " + taskManager.serverAddress() + ", key groups " + keyGroupsOf(taskManager));
        }
        out.println("  job " + job.job().jobId() + " counts the words of " + input.name() + ", "
                + text("%,d words", input.words().size()));
        out.println();
    }

    private String keyGroupsOf(EmbeddedTaskManager taskManager) {
        EmbeddedJob running = job.job();
        return IntStream.range(0, running.parallelism())
                .filter(subtask -> running.taskManagerOf(subtask) == taskManager.index())
                .mapToObj(subtask -> KeyGroups.rangeOf(running.maxParallelism(), running.parallelism(), subtask)
                        .toString())
                .collect(Collectors.joining(", "));
    }

    private void countWhileQueried() throws InterruptedException {
        out.println("1. The state is queried while the job counts");
        CheckedQueries queries = newQueries(input.words());
        Load load = Load.of(queries);
        long words = input.words().size();
        join("the job", countInBackground(counted -> counted < words));
        join("the queries", load.stop());
        report(queries);
        expect(queries.failures().isEmpty(), "requests failed although nothing was wrong: " + queries.failures());
    }

    private void compareTopWords() {
        Map<String, Long> counts = Words.independentCounts(input.text(), job.counted());
        out.println();
        out.println("   The most frequent words   through a proxy   counted independently");
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(TOP)
                .forEach(word -> {
                    long answer = read(word.getKey());
                    out.println(text("   %-25s %,15d   %,21d", word.getKey(), answer, word.getValue()));
                    expect(
                            answer == word.getValue(),
                            "\"" + word.getKey() + "\" was " + answer + " through a proxy, " + word.getValue()
                                    + " counted independently");
                });
        out.println();
    }

    private void killUnderLoad() throws InterruptedException {
        EmbeddedTaskManager victim = cluster.taskManagers().get(VICTIM);
        out.println("2. Task manager " + VICTIM + " is killed under load");
        String lost = keyGroupsOf(victim);
        Map<Boolean, List<String>> words = input.words().stream().collect(Collectors.partitioningBy(this::isOnVictim));
        CheckedQueries moved = newQueries(words.getOrDefault(true, List.of()));
        CheckedQueries others = newQueries(words.getOrDefault(false, List.of()));
        AtomicBoolean enough = new AtomicBoolean();
        long clientRetries = clientStats.retries();
        long proxyRetries = proxyRetries();
        CompletableFuture<Void> counting = countInBackground(counted -> !enough.get());
        Load load = Load.of(moved, others);
        TimeUnit.MILLISECONDS.sleep(BEFORE_KILL_MILLIS);

        cluster.killTaskManager(VICTIM);
        out.println("   it held the key groups " + lost + ", which nobody serves now");
        TimeUnit.MILLISECONDS.sleep(DOWN_MILLIS);

        job.job().recover();
        out.println(text("   %.1f s later its key groups are moved: ", DOWN_MILLIS / 1e3) + placement());
        TimeUnit.MILLISECONDS.sleep(AFTER_RECOVERY_MILLIS);

        enough.set(true);
        join("the job", counting);
        join("the queries", load.stop());
        out.println("   words in its key groups:");
        report(moved);
        out.println("   other words:");
        report(others);
        out.println(text(
                "   retries by the client %,d, by the proxies %,d",
                clientStats.retries() - clientRetries, proxyRetries() - proxyRetries));
    }

    private boolean isOnVictim(String word) {
        EmbeddedJob running = job.job();
        int keyGroup = KeyGroups.of(WordCountJob.KEYS.keyHashCode(word), running.maxParallelism());
        int subtask = KeyGroups.subtaskOf(keyGroup, running.maxParallelism(), running.parallelism());
        return running.taskManagerOf(subtask) == VICTIM;
    }

    private void compareAllWords() {
        Map<String, Long> counts = Words.independentCounts(input.text(), job.counted());
        long different = counts.entrySet().stream()
                .filter(word -> read(word.getKey()) != word.getValue())
                .count();
        out.println(text(
                "   all %,d different words read again, after %,d words: %,d not as counted independently",
                counts.size(), job.counted(), different));
        out.println();
        expect(different == 0, different + " words had another count than was counted independently");
    }

    private void statistics() {
        out.println("3. Statistics");
        out.println("   client: " + clientStats);
        for (EmbeddedTaskManager taskManager : cluster.taskManagers()) {
            out.println("   task manager " + taskManager.index() + (taskManager.isUp() ? "" : " (killed)"));
            out.println("     proxy: " + taskManager.proxyStatistics());
            out.println("     state server: " + taskManager.serverStatistics());
        }
        out.println();
        expect(clientStats.inFlight() == 0, clientStats.inFlight() + " requests have not ended");
    }

    private CheckedQueries newQueries(List<String> words) {
        return new CheckedQueries(state, job, words, TIMEOUT);
    }

    private void report(CheckedQueries queries) {
        queries.lines().forEach(line -> out.println("     " + line));
        mistakes.addAll(queries.mistakes());
    }

    private void expect(boolean right, String mistake) {
        if (!right) {
            mistakes.add(mistake);
        }
    }

    /** What a proxy says now; -1 if none can say. */
    private long read(String word) {
        try {
            return state.get(word).join().orElse(0L);
        } catch (CompletionException e) {
            mistakes.add("\"" + word + "\" could not be read: " + Failures.line(Failures.typed(e)));
            return -1;
        }
    }

    private long proxyRetries() {
        return cluster.taskManagers().stream()
                .mapToLong(taskManager -> taskManager.proxyStatistics().retries())
                .sum();
    }

    private String placement() {
        return cluster.taskManagers().stream()
                .filter(EmbeddedTaskManager::isUp)
                .map(up -> "task manager " + up.index() + " holds " + keyGroupsOf(up))
                .collect(Collectors.joining(", "));
    }

    private CompletableFuture<Void> countInBackground(WordCountJob.Continuation go) {
        return CompletableFuture.runAsync(() -> job.count(input.words(), ROUND, go), task -> {
            Thread thread = new Thread(task, "word-count");
            thread.setDaemon(true);
            thread.start();
        });
    }

    private void join(String what, CompletableFuture<Void> future) {
        try {
            future.join();
        } catch (CompletionException e) {
            mistakes.add(what + " did not end well: " + e.getCause());
        }
    }
}
