package io.queryablestate.flinkdemo;

import static org.assertj.core.api.Assertions.assertThat;

import io.queryablestate.client.QueryableState;
import io.queryablestate.client.QueryableStateClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A cluster of two task managers, each with Flink's own implementation or with ours, and two jobs that have counted all words
 * of a text once: one with its state on the heap, one in RocksDB.
 */
final class TwoImplementations implements AutoCloseable {

    private static final int WORDS_PER_SECOND = 5_000;

    private final FlinkJars jars;
    private final FlinkCluster cluster;
    private final CountedText text;
    private final List<TaskManager> taskManagers = new ArrayList<>();
    private final List<CountedJob> jobs = new ArrayList<>();

    private TwoImplementations(FlinkJars jars, FlinkCluster cluster, CountedText text) {
        this.jars = jars;
        this.cluster = cluster;
        this.text = text;
    }

    static TwoImplementations start(String version, Implementation first, Implementation second)
            throws IOException, InterruptedException {
        FlinkJars jars = FlinkJars.find(version);
        CountedText text = CountedText.read(Path.of("..", "LICENSE"));
        TwoImplementations started = new TwoImplementations(jars, FlinkCluster.start(jars), text);
        try {
            started.startTaskManager(first);
            started.startTaskManager(second);
            started.cluster.awaitTaskManagers(2);
            for (String backend : List.of("hashmap", "rocksdb")) {
                started.jobs.add(CountedJob.submit(
                        started.cluster, "count-" + backend, backend, text, text.length(), WORDS_PER_SECOND));
            }
            return started;
        } catch (IOException | InterruptedException | RuntimeException e) {
            started.close();
            throw e;
        }
    }

    private void startTaskManager(Implementation implementation) throws IOException {
        taskManagers.add(cluster.startTaskManager(implementation.of(jars)));
    }

    /** Kills the task manager that was started first, starts another one, and waits until the jobs run again. */
    void replaceOldest(Implementation implementation) throws IOException, InterruptedException {
        long killed = System.currentTimeMillis();
        cluster.kill(taskManagers.remove(0));
        startTaskManager(implementation);
        for (CountedJob job : jobs) {
            cluster.await(
                    job.name() + " has not been restored",
                    () -> cluster.rest().lastRestored(job.id()) >= killed
                            && cluster.rest().isRunning(job.id()));
        }
    }

    /** Asks each proxy for each word of each job, with our client and with Flink's own. */
    void assertEveryWord() throws IOException, InterruptedException {
        Map<String, Long> expected = text.words().stream().collect(Collectors.toMap(word -> word, this::finalCount));
        for (CountedJob job : jobs) {
            awaitAllCounted(job);
            for (TaskManager taskManager : taskManagers) {
                assertThat(countsWithOurClient(job, taskManager))
                        .as(
                                "%s through %s, our client",
                                job.name(), taskManager.process().name())
                        .isEqualTo(expected);
            }
            Map<Integer, Map<String, Long>> withFlinksClient = countsWithFlinksClient(job);
            for (TaskManager taskManager : taskManagers) {
                assertThat(withFlinksClient.get(taskManager.proxy().port()))
                        .as(
                                "%s through %s, Flink's client",
                                job.name(), taskManager.process().name())
                        .isEqualTo(expected);
            }
        }
    }

    /** Waits: a job that runs has still to count, all of it or what came after its checkpoint. */
    private void awaitAllCounted(CountedJob job) throws IOException, InterruptedException {
        List<String> open = new ArrayList<>(text.words());
        try (QueryableStateClient client = client(taskManagers.get(0))) {
            QueryableState<String, Long> state = job.state(client);
            cluster.await(job.name() + " has not counted all words", () -> {
                open.removeIf(word -> isCounted(state, word));
                return open.isEmpty();
            });
        }
    }

    private boolean isCounted(QueryableState<String, Long> state, String word) {
        return state.get(word)
                .handle((count, failure) -> failure == null && count.equals(Optional.of(finalCount(word))))
                .join();
    }

    private long finalCount(String word) {
        return text.countAmong(text.length(), word);
    }

    private Map<String, Long> countsWithOurClient(CountedJob job, TaskManager taskManager)
            throws IOException, InterruptedException {
        try (QueryableStateClient client = client(taskManager)) {
            QueryableState<String, Long> state = job.state(client);
            return text.words().stream()
                    .collect(Collectors.toMap(
                            word -> word, word -> state.get(word).join().orElse(0L)));
        }
    }

    private QueryableStateClient client(TaskManager taskManager) throws IOException, InterruptedException {
        return QueryableStateClient.builder()
                .proxy(taskManager.proxy())
                .jobManager(cluster.rest().address().toString())
                .build();
    }

    private Map<Integer, Map<String, Long>> countsWithFlinksClient(CountedJob job)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(
                List.of(job.id().toString(), text.file().toAbsolutePath().toString()));
        for (TaskManager taskManager : taskManagers) {
            arguments.add(String.valueOf(taskManager.proxy().port()));
        }
        String output = cluster.run(
                "io.queryablestate.flinkdemo.job.FlinkClientQueries",
                Stream.concat(jars.flink().stream(), Stream.of(jars.job())).toList(),
                arguments);
        Map<Integer, Map<String, Long>> counts = new TreeMap<>();
        output.lines()
                .map(line -> line.split(" "))
                .filter(answer -> answer[0].matches("\\d+"))
                .forEach(answer -> counts.computeIfAbsent(Integer.valueOf(answer[0]), port -> new TreeMap<>())
                        .put(answer[1], Long.valueOf(answer[2])));
        return counts;
    }

    @Override
    public void close() {
        cluster.close();
    }

    /** Who serves the states of a task manager. */
    enum Implementation {
        FLINKS {
            @Override
            List<Path> of(FlinkJars jars) {
                return jars.flinksQueryableState();
            }
        },
        OURS {
            @Override
            List<Path> of(FlinkJars jars) {
                return jars.ourQueryableState();
            }
        };

        abstract List<Path> of(FlinkJars jars);
    }
}
