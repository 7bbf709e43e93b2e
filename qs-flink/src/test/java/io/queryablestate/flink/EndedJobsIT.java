package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.util.FlinkUserCodeClassLoaders.SafetyNetWrapperClassLoader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What jobs leave behind in their task managers when they have ended: nothing. */
@Timeout(500)
@SuppressWarnings("deprecation") // Flink's client is deprecated, and what this is about.
class EndedJobsIT {

    private static final int WARM_UP_JOBS = 4;
    private static final ValueStateDescriptor<LoadedJob.Count> COUNT =
            new ValueStateDescriptor<>("count", TypeInformation.of(LoadedJob.Count.class));

    private static FlinkCluster flink;

    private static Path jar;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        flink = FlinkCluster.start();
        jar = JobJar.of(List.of(LoadedJob.CountByKey.class, LoadedJob.Count.class), directory);
    }

    @AfterAll
    static void stop() throws Exception {
        flink.stop();
    }

    @Test
    void shouldKeepNoClassLoaderThreadBufferOrEntry_whenJobsHaveEnded() throws Exception {
        // What is made once in the life of a task manager.
        List<String> ended = runJobs("warm-up", WARM_UP_JOBS);
        Map<String, Long> objectsBefore = LiveObjects.count();
        Set<String> threadsBefore = threads();

        ended.addAll(runJobs("ended", Counts.of(6, 100)));
        dropWhatFlinksThreadsInherited();

        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> {
                    Map<String, Long> objects = LiveObjects.count();
                    assertThat(ended)
                            .as("jobs whose class loader is alive")
                            .filteredOn(ClassLoaders::isAlive)
                            .isEmpty();
                    assertThat(more(objectsBefore, objects))
                            .as("objects that have become more")
                            .isEmpty();
                    assertThat(threads()).as("threads").isSubsetOf(threadsBefore);
                    assertThat(flink.log()).as("buffers that were lost").noneMatch(line -> line.startsWith("LEAK: "));
                });
    }

    private static List<String> runJobs(String name, int jobs) throws Exception {
        List<String> names = new ArrayList<>();
        for (int job = 0; job < jobs; job++) {
            names.add(name + "-" + job);
            runJob(name + "-" + job, job % 2 == 0 ? "hashmap" : "rocksdb");
        }
        return names;
    }

    /** Starts a job, has it answer for every key, and cancels it while it is being asked. */
    private static void runJob(String name, String backend) throws Exception {
        JobGraph graph = LoadedJob.create(name, backend).getStreamGraph().getJobGraph();
        graph.addJar(new org.apache.flink.core.fs.Path(jar.toUri()));
        JobID job = flink.submit(graph);
        Progress.awaitRecords(name, 2 * LoadedJob.KEYS);
        assertThat(ClassLoaders.hadItsOwn(name)).isTrue();
        Lookups lookups = new Lookups(n -> flink.clientOf(n)
                .getKvState(job, "count", "key-" + n % LoadedJob.KEYS, Types.STRING, COUNT)
                .thenAccept(count -> assertRight("key-" + n % LoadedJob.KEYS, count)));
        try (lookups) {
            await().atMost(Duration.ofSeconds(20)).until(() -> lookups.right.get() > 100);
            flink.cancel(job);
        }
        assertThat(lookups.wrong).isEmpty();
    }

    /**
     * Flink's network threads, and the JDK's thread that waits for processes, keep the context class loader of the task that
     * happened to start them for as long as they live. Those of this project must not.
     */
    private static void dropWhatFlinksThreadsInherited() {
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !isOurs(thread.getName()))
                .filter(thread -> thread.getContextClassLoader() instanceof SafetyNetWrapperClassLoader)
                .forEach(thread -> thread.setContextClassLoader(ClassLoader.getSystemClassLoader()));
    }

    private static void assertRight(String key, ValueState<LoadedJob.Count> count) {
        try {
            assertThat(count.value().key).isEqualTo(key);
        } catch (IOException e) {
            throw new AssertionError("an answer that cannot be read", e);
        }
    }

    private static Map<String, Long> more(Map<String, Long> before, Map<String, Long> now) {
        Map<String, Long> more = new HashMap<>();
        now.forEach((type, count) -> {
            long added = count - before.getOrDefault(type, 0L);
            if (added > 0) {
                more.put(type, added);
            }
        });
        return more;
    }

    /** Those of this project. */
    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(EndedJobsIT::isOurs)
                .collect(Collectors.toSet());
    }

    private static boolean isOurs(String thread) {
        return thread.startsWith("queryable-state") || thread.startsWith("qs-");
    }
}
