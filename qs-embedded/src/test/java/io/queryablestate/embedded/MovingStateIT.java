package io.queryablestate.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.queryablestate.client.QueryableState;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.QueryableStateException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Writers write and readers read, through all proxies, while subtasks move. */
class MovingStateIT {

    private static final int KEYS = 64;
    private static final int READERS = 3;
    private static final int WRITERS = 8;
    private static final int INCREMENTS = 64 * KEYS;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final LongAdder reads = new LongAdder();
    private final LongAdder lateReads = new LongAdder();
    private EmbeddedCluster cluster;
    private EmbeddedJob job;
    private EmbeddedState<Integer, Long> counts;

    @BeforeEach
    void start() throws IOException {
        cluster = EmbeddedCluster.builder().taskManagers(3).start();
        job = cluster.startJob("moving", 2, 32);
        counts = Ask.addCounts(job);
        for (int key = 0; key < KEYS; key++) {
            counts.put(key, 0L);
        }
    }

    @AfterEach
    void close() throws InterruptedException {
        stop.set(true);
        threads.shutdownNow();
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        cluster.close();
    }

    @Test
    void shouldLoseNoUpdate_whenManyThreadsWriteAndSubtasksMove() throws Exception {
        List<Future<Long>> writers = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            writers.add(threads.submit(this::incrementEveryKey));
        }

        int changes = changeWhile(writers);

        assertThat(changes).isPositive();
        for (Future<Long> writer : writers) {
            assertThat(writer.get(20, TimeUnit.SECONDS)).isEqualTo(INCREMENTS);
        }
        try (QueryableStateClient client = Ask.through(cluster)) {
            for (int key = 0; key < KEYS; key++) {
                long expected = (long) WRITERS * INCREMENTS / KEYS;
                assertThat(counts.get(key)).contains(expected);
                assertThat(Ask.value(Ask.counts(client, job).get(key))).isEqualTo(expected);
            }
        }
    }

    @Test
    void shouldNeverShowAnOlderValueOrNone_whenSubtasksMoveUnderReaders() throws Exception {
        List<Future<Long>> writers = List.of(threads.submit(this::incrementUntilStopped));
        List<Future<List<String>>> readers = new ArrayList<>();
        for (int reader = 0; reader < READERS; reader++) {
            readers.add(threads.submit(this::readEveryKeyUntilStopped));
        }
        for (int change = 0; change < 30; change++) {
            change(change);
            awaitEveryKeyReadAgain();
        }
        stop.set(true);

        assertThat(writers.get(0).get(20, TimeUnit.SECONDS)).isPositive();
        for (Future<List<String>> reader : readers) {
            assertThat(reader.get(20, TimeUnit.SECONDS)).isEmpty();
        }
        assertThat(lateReads.sum())
                .as("reads that have given up on a moving key")
                .isLessThan(reads.sum() / 100);
    }

    private void awaitEveryKeyReadAgain() {
        long enough = reads.sum() + 2L * READERS * KEYS;
        await().atMost(Duration.ofSeconds(20)).until(() -> reads.sum() >= enough);
    }

    private int changeWhile(List<Future<Long>> writers) {
        int changes = 0;
        while (!writers.stream().allMatch(Future::isDone)) {
            change(changes++);
        }
        return changes;
    }

    /** Moves, and now and then rescales: 2, 3, 4, 5 subtasks, round and round. */
    private void change(int number) {
        if (number % 5 == 4) {
            job.rescale(2 + number / 5 % 4);
        } else {
            int subtask = number % job.parallelism();
            job.moveSubtask(subtask, (job.taskManagerOf(subtask) + 1) % 3);
        }
    }

    private Long incrementEveryKey() {
        for (int i = 0; i < INCREMENTS; i++) {
            counts.update(i % KEYS, count -> count == null ? -1_000_000L : count + 1);
        }
        return (long) INCREMENTS;
    }

    private Long incrementUntilStopped() {
        long increments = 0;
        while (!stop.get()) {
            counts.update((int) (increments % KEYS), count -> count == null ? -1_000_000L : count + 1);
            increments++;
        }
        return increments;
    }

    /**
     * Each value that is older than the one read before or than what the job had when it was asked for, each absence, each
     * failure that a move does not explain.
     */
    private List<String> readEveryKeyUntilStopped() {
        List<String> faults = new ArrayList<>();
        long[] last = new long[KEYS];
        try (QueryableStateClient client = Ask.through(cluster)) {
            QueryableState<Integer, Long> state = Ask.counts(client, job);
            for (int key = 0; !stop.get(); key = (key + 1) % KEYS) {
                try {
                    long written = counts.get(key).orElse(0L);
                    long value = Ask.value(state.get(key));
                    if (value < last[key] || value < written) {
                        faults.add("key " + key + " was " + last[key] + " and " + written + ", then " + value);
                    }
                    last[key] = value;
                    reads.increment();
                } catch (AssertionError e) {
                    faults.add("key " + key + ": " + e.getMessage());
                } catch (QueryableStateException e) {
                    lateReads.increment();
                    if (e.code() != ErrorCode.UNKNOWN_KV_STATE_ID) {
                        faults.add("key " + key + " failed: " + e.getMessage());
                    }
                }
            }
        }
        return faults;
    }
}
