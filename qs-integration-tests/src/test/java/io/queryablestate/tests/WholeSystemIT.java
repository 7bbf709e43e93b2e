package io.queryablestate.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.queryablestate.client.QueryableState;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.embedded.EmbeddedCluster;
import io.queryablestate.embedded.EmbeddedJob;
import io.queryablestate.embedded.EmbeddedState;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.network.CountingStats;
import io.queryablestate.network.RequestStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole system: client, proxies, state servers, over sockets, on an embedded cluster. */
class WholeSystemIT {

    private static final int KEYS = 2_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    /** What a busy machine may add to a deadline; the bound itself is measured by the gates. */
    private static final long GRACE_MILLIS = 1_000;

    private EmbeddedCluster cluster;
    private EmbeddedJob job;
    private EmbeddedState<Long, Long> counters;
    private QueryableStateClient client;
    private QueryableState<Long, Long> queried;

    @BeforeEach
    void start() throws Exception {
        cluster = EmbeddedCluster.builder().taskManagers(3).start();
        job = cluster.startJob("counters", 3, 128);
        counters = job.addState("counters", Serializers.LONG, StateDescriptor.value(Serializers.LONG));
        client = newClient(TIMEOUT, RequestStats.noop());
        queried = client.state(job.jobId(), "counters", Serializers.LONG, StateDescriptor.value(Serializers.LONG));
    }

    @AfterEach
    void stop() {
        client.close();
        cluster.close();
    }

    private QueryableStateClient newClient(Duration timeout, RequestStats stats) {
        var builder = QueryableStateClient.builder().requestTimeout(timeout).stats(stats);
        cluster.proxyAddresses().forEach(builder::proxy);
        return builder.build();
    }

    @Test
    void shouldAnswerEveryRequestRightly_whenStateIsUpdatedMovedAndRescaled() throws Exception {
        try (Writer writer = new Writer(counters)) {
            Load load = new Load(queried, writer.announced, writer.written, 32);
            load.start();
            awaitAnswers(load, 2_000);
            job.moveSubtask(0, 2);
            awaitAnswers(load, 2_000);
            job.rescale(4);
            awaitAnswers(load, 2_000);
            job.rescale(2);
            awaitAnswers(load, 2_000);
            assertThat(load.stop(5)).isTrue();
            assertThat(load.wrong()).isEmpty();
            assertThat(load.completedTwice()).isZero();
            assertThat(load.slowestMillis()).isLessThan(TIMEOUT.toMillis() + GRACE_MILLIS);
        }
    }

    @Test
    void shouldEndEveryRequestByItsDeadline_whenATaskManagerIsKilledAndItsStateRecovered() throws Exception {
        try (Writer writer = new Writer(counters)) {
            Load load = new Load(queried, writer.announced, writer.written, 32);
            load.start();
            awaitAnswers(load, 2_000);
            cluster.killTaskManager(1);
            awaitAnswers(load, 500);
            job.recover();
            awaitAnswers(load, 5_000);
            cluster.restartTaskManager(1);
            job.moveSubtask(1, 1);
            awaitAnswers(load, 5_000);
            assertThat(load.stop(5)).isTrue();
            assertThat(load.wrong()).isEmpty();
            assertThat(load.completedTwice()).isZero();
            assertThat(load.slowestMillis()).isLessThan(TIMEOUT.toMillis() + GRACE_MILLIS);
        }
        for (long key = 0; key < KEYS; key++) {
            assertThat(queried.get(key).get(5, TimeUnit.SECONDS)).isEqualTo(counters.get(key));
        }
    }

    @Test
    void shouldAnswerAll_whenTenThousandRequestsAreOpen() throws Exception {
        for (long key = 0; key < KEYS; key++) {
            counters.put(key, key);
        }
        List<CompletableFuture<Optional<Long>>> answers = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            answers.add(queried.withTimeout(Duration.ofSeconds(20)).get((long) (i % KEYS)));
        }
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).get(20, TimeUnit.SECONDS)).contains((long) (i % KEYS));
        }
    }

    @Test
    void shouldReturnTheBytes_whenValuesHaveAnySize() throws Exception {
        EmbeddedState<Long, byte[]> blobs =
                job.addState("blobs", Serializers.LONG, StateDescriptor.value(Serializers.BYTES));
        QueryableState<Long, byte[]> read = client.state(
                        job.jobId(), "blobs", Serializers.LONG, StateDescriptor.value(Serializers.BYTES))
                .withTimeout(Duration.ofSeconds(20));
        int[] sizes = {0, 1, 100, 4_091, 4_092, 4_093, 65_531, 65_532, 65_533, 1 << 20, 16 << 20};
        for (int i = 0; i < sizes.length; i++) {
            blobs.put((long) i, blob(sizes[i], i));
        }
        List<CompletableFuture<Optional<byte[]>>> answers = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            answers.add(read.get((long) i));
        }
        for (int i = 0; i < sizes.length; i++) {
            assertThat(answers.get(i).get(20, TimeUnit.SECONDS).orElseThrow())
                    .as("value of %d bytes", sizes[i])
                    .isEqualTo(blob(sizes[i], i));
        }
    }

    private static byte[] blob(int size, int seed) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 31 + seed);
        }
        return bytes;
    }

    @Test
    void shouldTellThemApart_whenJobOrStateOrKeyIsUnknown() throws Exception {
        counters.put(1L, 1L);
        assertThat(queried.get(1L).get(5, TimeUnit.SECONDS)).contains(1L);
        assertThat(queried.get(2L).get(5, TimeUnit.SECONDS)).isEmpty();
        assertFails(
                ErrorCode.UNKNOWN_JOB,
                client.state(JobId.random(), "counters", Serializers.LONG, StateDescriptor.value(Serializers.LONG))
                        .get(1L));
        assertFails(
                ErrorCode.LOCATION_UNKNOWN,
                client.state(job.jobId(), "no such state", Serializers.LONG, StateDescriptor.value(Serializers.LONG))
                        .get(1L));
    }

    @Test
    void shouldEndTyped_whenTheOracleIsSilentOrThrowsOrSlow() throws Exception {
        counters.put(1L, 1L);
        cluster.oracle().silence();
        assertFails(ErrorCode.LOOKUP_TIMED_OUT, queried.get(1L));
        cluster.oracle().fail(new IllegalStateException("broken"));
        assertFails(ErrorCode.LOCATION_UNKNOWN, queried.get(1L));
        cluster.oracle().delay(Duration.ofMillis(300));
        assertThat(queried.get(1L).get(5, TimeUnit.SECONDS)).contains(1L);
        cluster.oracle().normal();
        assertThat(queried.get(1L).get(5, TimeUnit.SECONDS)).contains(1L);
    }

    @Test
    void shouldEndTheRequest_whenItsFutureIsCancelled() throws Exception {
        counters.put(1L, 1L);
        cluster.oracle().silence();
        CountingStats stats = new CountingStats();
        try (QueryableStateClient patient = newClient(Duration.ofMinutes(5), stats)) {
            CompletableFuture<Optional<Long>> answer = patient.state(
                            job.jobId(), "counters", Serializers.LONG, StateDescriptor.value(Serializers.LONG))
                    .get(1L);
            await().atMost(Duration.ofSeconds(10)).until(() -> openAtProxies() == 1);
            assertThat(answer.cancel(true)).isTrue();
            await().atMost(Duration.ofSeconds(10)).until(() -> stats.abandoned() == 1);
            assertThat(stats.inFlight()).isZero();
        }
        // The client has gone; its request goes with it, long before its time is up.
        await().atMost(Duration.ofSeconds(10)).until(() -> openAtProxies() == 0);
        cluster.oracle().normal();
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() ->
                        assertThat(queried.get(1L).get(5, TimeUnit.SECONDS)).contains(1L));
    }

    private long openAtProxies() {
        return cluster.taskManagers().stream()
                .mapToLong(taskManager -> taskManager.proxyStatistics().inFlight())
                .sum();
    }

    @Test
    void shouldSayThatTheJobIsUnknown_whenItHasEnded() throws Exception {
        counters.put(1L, 1L);
        assertThat(queried.get(1L).get(5, TimeUnit.SECONDS)).contains(1L);
        job.close();
        assertFails(ErrorCode.UNKNOWN_JOB, queried.get(1L));
    }

    private static void assertFails(ErrorCode code, CompletableFuture<?> answer) {
        assertThatThrownBy(() -> answer.get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        QueryableStateException.class,
                        error -> assertThat(error.code()).as(error.getMessage()).isEqualTo(code));
    }

    private static void awaitAnswers(Load load, long more) {
        long before = load.answers();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(load.answers()).as(load.errorsByCode()).isGreaterThan(before + more));
    }

    /** Counts all counters up, without end, until it is closed. */
    private static final class Writer implements AutoCloseable {
        final AtomicLongArray announced = new AtomicLongArray(KEYS);
        final AtomicLongArray written = new AtomicLongArray(KEYS);
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final ExecutorService thread = Executors.newSingleThreadExecutor();

        Writer(EmbeddedState<Long, Long> counters) {
            for (long key = 0; key < KEYS; key++) {
                counters.put(key, 0L);
            }
            thread.execute(() -> {
                for (int i = 0; !stopped.get(); i = (i + 1) % KEYS) {
                    long next = announced.incrementAndGet(i);
                    counters.update((long) i, old -> next);
                    written.set(i, next);
                }
            });
        }

        @Override
        public void close() {
            stopped.set(true);
            thread.shutdown();
            await().atMost(Duration.ofSeconds(10)).until(thread::isTerminated);
        }
    }
}
