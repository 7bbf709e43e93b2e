package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a task reads for others: between two records, if it comes to that, and else not at all. */
@Timeout(90)
class ReadTimingIT {

    /** No more than wait for one task at most, and than one connection may have in flight. */
    private static final int QUEUED = 1_000;

    private static final long DEADLINE_MILLIS = 2_000;

    private static FlinkCluster flink;
    private static StateReader reader;

    @BeforeAll
    static void start() throws Exception {
        flink = FlinkCluster.start();
        reader = ClientLibrary.connect(flink.proxyPorts());
    }

    @AfterAll
    static void stop() throws Exception {
        reader.close();
        flink.stop();
    }

    @AfterEach
    void cancelJobs() throws Exception {
        Gate.openAll();
        flink.cancelAll();
    }

    @Test
    void shouldNeverReadInsideARecord_whenAnOperatorYields() throws Exception {
        JobID job = flink.submit(TimingJobs.yielding("yielding"));
        Progress.awaitRecords("yielding", 10);
        Lookups lookups = new Lookups(n -> reader.get(job.toString(), TimingJobs.STATE, TimingJobs.KEY)
                .thenAccept(value -> assertThat(value).isPresent().isNotEqualTo(Optional.of(TimingJobs.HALF_DONE))));
        try (lookups) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> lookups.right.get() + lookups.wrong.size() >= Counts.of(1_000, 20_000));
        }
        assertThat(lookups.wrong).isEmpty();
        assertThat(TimingJobs.yielded("yielding"))
                .as("mails that ran inside a record")
                .isPositive();
    }

    @Test
    void shouldEndLookupsAtTheirDeadline_whenTheTaskIsBlockedInUserCode() throws Exception {
        JobID job = flink.submit(TimingJobs.gated("blocked"));
        awaitAnswer(job);
        Gate.of("blocked").shut();
        Gate.of("blocked").awaitWaiting();

        try (Stalls stalls = new Stalls()) {
            long start = System.nanoTime();
            assertThatThrownBy(() -> get(job))
                    .cause()
                    .isInstanceOfSatisfying(LookupException.class, failure -> assertThat(failure.code())
                            .isEqualTo("DEADLINE_EXCEEDED"));
            assertThat(millisSince(start))
                    .isBetween(DEADLINE_MILLIS - 100, DEADLINE_MILLIS + 100 + stalls.longestMillis());
        }

        long before = Progress.of("blocked").get();
        Gate.of("blocked").open();
        assertThat(get(job)).isPresent();
        Progress.awaitRecords("blocked", before + 10);
    }

    @Test
    void shouldEndThemAllTypedAndAtOnce_whenTheJobIsCancelledWithAThousandLookupsQueued() throws Exception {
        JobID job = flink.submit(TimingJobs.gated("cancelled"));
        awaitAnswer(job);
        Gate.of("cancelled").shut();
        Gate.of("cancelled").awaitWaiting();
        List<CompletableFuture<Optional<String>>> queued = new ArrayList<>();
        for (int i = 0; i < QUEUED; i++) {
            queued.add(reader.get(job.toString(), TimingJobs.STATE, TimingJobs.KEY));
        }

        try (Stalls stalls = new Stalls()) {
            flink.cancel(job);
            long cancelled = System.nanoTime();
            assertThat(queued).allSatisfy(lookup -> assertThatThrownBy(() -> lookup.get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(LookupException.class));
            assertThat(millisSince(cancelled)).isLessThan(1_000 + stalls.longestMillis());
        }
    }

    private static void awaitAnswer(JobID job) {
        await().atMost(Duration.ofSeconds(20))
                .ignoreException(ExecutionException.class)
                .until(() -> get(job).isPresent());
    }

    private static Optional<String> get(JobID job) throws Exception {
        return reader.get(job.toString(), TimingJobs.STATE, TimingJobs.KEY).get(10, TimeUnit.SECONDS);
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }
}
