package io.queryablestate.flinkdemo;

import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.messages.KeyGroups;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.KvStatePlacement;
import io.queryablestate.messages.ServerAddress;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** The story that {@link FlinkDemoCommand} tells, and the check of each answer in it. For one thread. */
final class Demo {

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(2);
    private static final int ROUNDS = 20;
    private static final int WORDS_PER_SECOND = 1_000;
    private static final int ANSWERS_BEFORE_KILL = 500;
    private static final List<Path> OWN_CLASS_PATH = Stream.of(
                    System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .toList();
    private static final List<String> SHOWN = List.of("the", "license", "work", "copyright");

    private final PrintStream out;
    private final FlinkJars jars;
    private final CountedText text;
    private final FlinkCluster cluster;
    private final List<CheckedCounts> counts = new ArrayList<>();
    private final List<String> mistakes = new ArrayList<>();

    Demo(PrintStream out, FlinkJars jars, CountedText text, FlinkCluster cluster) {
        this.out = out;
        this.jars = jars;
        this.text = text;
        this.cluster = cluster;
    }

    /** Tells the whole story; returns whether every answer was right. */
    boolean run() throws IOException, InterruptedException {
        TaskManager first = cluster.startTaskManager(jars.ourQueryableState());
        TaskManager second = cluster.startTaskManager(jars.ourQueryableState());
        say("Flink %s in three processes, this project's jar on the class path of the task managers:", jars.version());
        say(
                "  job manager, pid %d: %s",
                cluster.jobManager().pid(), cluster.rest().address());
        introduce(first);
        introduce(second);
        cluster.awaitTaskManagers(2);
        try (QueryableStateClient client = client(first, second)) {
            submitJobs(client);
            list(first, second);
            get(counts.get(0).job(), first, second);
            Load[] loads = counts.stream().map(Load::new).toArray(Load[]::new);
            queryUndisturbed();
            TaskManager third = killAndReplace(client, second);
            compareAllCounts();
            for (Load load : loads) {
                expect(load.stop(), "requests were left without an answer");
            }
            list(first, third);
            summarize();
        }
        mistakes.forEach(mistake -> say("WRONG: %s", mistake));
        say(mistakes.isEmpty() ? "Every answer was right." : "NOT every answer was right.");
        return mistakes.isEmpty();
    }

    private void introduce(TaskManager taskManager) throws IOException, InterruptedException {
        say(
                "  %s, pid %d: proxy %s, state server %s",
                taskManager.process().name(),
                taskManager.process().pid(),
                taskManager.proxy(),
                taskManager.stateServer());
    }

    private QueryableStateClient client(TaskManager... taskManagers) throws IOException, InterruptedException {
        return QueryableStateClient.builder()
                .proxies(proxies(taskManagers))
                .jobManager(cluster.rest().address().toString())
                .build();
    }

    private void submitJobs(QueryableStateClient client) throws IOException, InterruptedException {
        long words = (long) ROUNDS * text.length();
        say("");
        say(
                "1. Two jobs count the words of %s: %,d words, %d times, %,d a second",
                text.file().getFileName(), text.length(), ROUNDS, WORDS_PER_SECOND);
        for (String backend : List.of("hashmap", "rocksdb")) {
            CountedJob job =
                    CountedJob.submit(cluster, "word-count-" + backend, backend, text, words, WORDS_PER_SECOND);
            say("   %s, job %s, runs with its state in the backend %s", job.name(), job.id(), backend);
            counts.add(new CheckedCounts(job, job.state(client), REQUEST_TIMEOUT));
        }
    }

    private void list(TaskManager... asked) throws IOException, InterruptedException {
        String listed = qs("list", "--proxy", proxies(asked));
        for (CheckedCounts counted : counts) {
            expect(
                    listed.contains(counted.job().id().toString()),
                    "qs list does not show " + counted.job().name());
        }
    }

    /** The command of this project, as a user would start it. */
    private String qs(String... words) throws IOException, InterruptedException {
        say("");
        say("   $ ./qs %s", String.join(" ", words));
        String output = cluster.run("io.queryablestate.cli.Qs", OWN_CLASS_PATH, List.of(words));
        output.lines().forEach(line -> say("   %s", line));
        return output;
    }

    private static String proxies(TaskManager... asked) throws IOException, InterruptedException {
        List<String> proxies = new ArrayList<>();
        for (TaskManager taskManager : asked) {
            proxies.add(taskManager.proxy().toString());
        }
        return String.join(",", proxies);
    }

    private void get(CountedJob job, TaskManager... asked) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("get", "--proxy", proxies(asked)));
        words.addAll(List.of("--job-manager", cluster.rest().address().toString(), "--job", job.name()));
        words.addAll(List.of("--state", CountedJob.STATE));
        words.addAll(SHOWN);
        qs(words.toArray(String[]::new));
    }

    private void queryUndisturbed() throws IOException, InterruptedException {
        say("");
        say("2. The counts are asked for from outside, every answer is checked");
        for (CheckedCounts counted : counts) {
            showWords(counted);
        }
        for (CheckedCounts counted : counts) {
            cluster.await(
                    ANSWERS_BEFORE_KILL + " questions were not answered", () -> counted.right() >= ANSWERS_BEFORE_KILL);
            say("   %s: %,d right answers", counted.job().name(), counted.right());
            expect(counted.failures().isEmpty(), "requests failed although nothing was wrong: " + counted.failures());
        }
    }

    private void showWords(CheckedCounts counted) {
        StringBuilder line = new StringBuilder();
        for (String word : SHOWN) {
            line.append("  ")
                    .append(word)
                    .append(' ')
                    .append(counted.ask(word).join().map(String::valueOf).orElse("?"));
        }
        say("   %s:%s", counted.job().name(), line);
    }

    private TaskManager killAndReplace(QueryableStateClient client, TaskManager victim)
            throws IOException, InterruptedException {
        ServerAddress lost = victim.stateServer();
        Map<CheckedCounts, List<String>> words = new LinkedHashMap<>();
        for (CheckedCounts counted : counts) {
            List<String> there = wordsOn(lost, client, counted);
            expect(!there.isEmpty(), counted.job().name() + " has no words on the task manager that is killed");
            counted.mayBeRestored(inNextCheckpoint(counted));
            words.put(counted, there);
        }
        say("");
        say("3. %s is killed with -9, and a new one started", victim.process().name());
        cluster.kill(victim);
        List<Recovery> recoveries = new ArrayList<>();
        words.forEach((counted, there) -> recoveries.add(new Recovery(cluster, counted, there)));
        TaskManager replacement = cluster.startTaskManager(jars.ourQueryableState());
        cluster.await("the jobs have not recovered", () -> {
            boolean over = true;
            for (Recovery recovery : recoveries) {
                over &= recovery.isOver();
            }
            return over;
        });
        introduce(replacement);
        for (Recovery recovery : recoveries) {
            say("   %s", recovery);
            mistakes.addAll(recovery.mistakes());
        }
        return replacement;
    }

    /** What is read now, and what the next checkpoint will hold at least: returns when that one is complete. */
    private Map<String, Long> inNextCheckpoint(CheckedCounts counted) throws IOException, InterruptedException {
        Map<String, CompletableFuture<Optional<Long>>> asked = new HashMap<>();
        text.words().forEach(word -> asked.put(word, counted.ask(word)));
        Map<String, Long> read = new HashMap<>();
        asked.forEach((word, answer) -> answer.join().ifPresent(count -> read.put(word, count)));
        long readMillis = System.currentTimeMillis();
        cluster.await(
                counted.job().name() + " has made no checkpoint",
                () -> cluster.rest().lastCheckpointBegun(counted.job().id()) > readMillis);
        return read;
    }

    private static List<String> wordsOn(ServerAddress server, QueryableStateClient client, CheckedCounts counted) {
        KvStateLocation location =
                client.location(counted.job().id(), CountedJob.STATE).join();
        return counted.job().text().words().stream()
                .filter(word -> {
                    KvStatePlacement placement =
                            location.placementOf(KeyGroups.of(word.hashCode(), location.maxParallelism()));
                    return placement != null && placement.server().equals(server);
                })
                .toList();
    }

    private void compareAllCounts() throws IOException, InterruptedException {
        say("");
        say("4. The jobs count to the end, and all words are read and compared with an independent count");
        for (CheckedCounts counted : counts) {
            CountedJob job = counted.job();
            List<String> open = new ArrayList<>(text.words());
            cluster.await(job.name() + " has not counted to the end", () -> {
                while (!open.isEmpty() && isFinal(counted, open.get(0))) {
                    open.remove(0);
                }
                return open.isEmpty();
            });
            showWords(counted);
            say(
                    "   %s: %,d different words, all as counted independently",
                    job.name(), text.words().size());
        }
    }

    private static boolean isFinal(CheckedCounts counted, String word) {
        return counted.ask(word)
                .join()
                .filter(count -> count == counted.job().finalCount(word))
                .isPresent();
    }

    private void summarize() {
        say("");
        for (CheckedCounts counted : counts) {
            say(
                    "   %s: %,d right answers; requests that failed, and why: %s",
                    counted.job().name(), counted.right(), counted.failures());
            mistakes.addAll(counted.mistakes());
        }
    }

    private void expect(boolean right, String mistake) {
        if (!right) {
            mistakes.add(mistake);
        }
    }

    private void say(String format, Object... arguments) {
        out.println(String.format(Locale.ROOT, format, arguments));
    }
}
