package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.jobmaster.JobResult;

/**
 * Jobs that 32 lookups in flight must leave alone. They are made with Flink's own client, so that Flink's own
 * implementation can be put to the same trials.
 */
@SuppressWarnings("deprecation") // Flink's client is deprecated, and what this is about.
final class SafetyTrials {

    private static final int MAP_KEYS = 10;
    private static final int VALUE_KEYS = 1_000;
    private static final int SECONDS_WITHOUT_PROGRESS = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int ANSWERS_BEFORE_CANCEL = 20;

    private final FlinkCluster flink;

    SafetyTrials(FlinkCluster flink) {
        this.flink = flink;
    }

    /** A heap state takes {@code keys} new keys, one a record, while those that are there are asked for. */
    TrialReport growingHeap(long keys) throws Exception {
        JobID job = flink.submit(TestJobs.growing("growing", "hashmap", keys));
        Progress.awaitRecords("growing", 1);
        Lookups lookups = new Lookups(n -> {
            long key =
                    ThreadLocalRandom.current().nextLong(Progress.of("growing").get());
            return flink.clientOf(n)
                    .getKvState(job, "value", "key-" + key, Types.STRING, TestJobs.VALUE)
                    .thenAccept(state -> assertThat(valueOf(state)).isEqualTo(key));
        });
        boolean ended = endsWithoutStandingStill(job, "growing");
        return TrialReport.of(ended, Progress.of("growing").get(), lookups);
    }

    /** Each record rewrites all 64 entries of a map, to the same number in all of them. */
    TrialReport rewrittenMaps(String backend, long answers) throws Exception {
        String name = "rewritten-" + backend;
        JobID job = startRewriting(name, backend);
        Lookups lookups = mapLookups(job);
        await().atMost(PATIENCE)
                .until(() -> lookups.right.get() + lookups.failed.get() + lookups.wrong.size() >= answers);
        long records = Progress.of(name).get();
        Progress.awaitRecords(name, records + 1);
        TrialReport report = TrialReport.of(true, records, lookups);
        flink.cancel(job);
        return report;
    }

    /** Jobs with RocksDB maps are cancelled, every second one of them while it is asked. */
    TrialReport cancelledMaps(int jobs) throws Exception {
        return cancelledJobs(jobs, name -> startRewriting(name, "rocksdb"), this::mapLookups);
    }

    /** The same with values of RocksDB, which query threads may be reading when the job ends. */
    TrialReport cancelledValues(int jobs) throws Exception {
        return cancelledJobs(jobs, this::startRewritingValues, this::valueLookups);
    }

    private TrialReport cancelledJobs(int jobs, Start start, Function<JobID, Lookups> lookupsOf) throws Exception {
        List<Long> alone = new ArrayList<>();
        List<Long> asked = new ArrayList<>();
        List<Lookups> all = new ArrayList<>();
        int unanswered = 0;
        for (int round = 0; round < jobs; round++) {
            alone.add(millisToCancel(start.job("alone-" + round)));

            JobID job = start.job("asked-" + round);
            Lookups lookups = lookupsOf.apply(job);
            all.add(lookups);
            await().atMost(PATIENCE).until(() -> lookups.right.get() > ANSWERS_BEFORE_CANCEL);
            asked.add(millisToCancel(job));
            unanswered += lookups.stop();
        }
        return TrialReport.of(true, asked.size(), all, unanswered, alone, asked);
    }

    private JobID startRewriting(String name, String backend) throws Exception {
        JobID job = flink.submit(TestJobs.rewrittenMaps(name, backend, MAP_KEYS));
        Progress.awaitRecords(name, MAP_KEYS);
        return job;
    }

    private JobID startRewritingValues(String name) throws Exception {
        JobID job = flink.submit(TestJobs.rewrittenValues(name, "rocksdb", VALUE_KEYS));
        Progress.awaitRecords(name, VALUE_KEYS);
        return job;
    }

    private long millisToCancel(JobID job) throws Exception {
        long start = System.nanoTime();
        flink.cancel(job);
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    /** False if no record was worked off for so long that none will be. */
    private boolean endsWithoutStandingStill(JobID job, String name) throws Exception {
        CompletableFuture<JobResult> end = flink.end(job);
        long before = -1;
        while (before < Progress.of(name).get()) {
            before = Progress.of(name).get();
            try {
                return end.get(SECONDS_WITHOUT_PROGRESS, TimeUnit.SECONDS).isSuccess();
            } catch (TimeoutException e) {
                // Look again whether it has moved.
            }
        }
        return false;
    }

    private Lookups mapLookups(JobID job) {
        return new Lookups(n -> flink.clientOf(n)
                .getKvState(job, "map", "key-" + n % MAP_KEYS, Types.STRING, TestJobs.MAP)
                .thenAccept(SafetyTrials::assertWhole));
    }

    /** The number that is written last for a key is one of the key's. */
    private Lookups valueLookups(JobID job) {
        return new Lookups(n -> flink.clientOf(n)
                .getKvState(job, "value", "key-" + n % VALUE_KEYS, Types.STRING, TestJobs.VALUE)
                .thenAccept(state -> assertThat(valueOf(state) % VALUE_KEYS).isEqualTo(n % VALUE_KEYS)));
    }

    private static void assertWhole(MapState<Integer, Long> map) {
        List<Long> values = new ArrayList<>();
        try {
            map.values().forEach(values::add);
        } catch (Exception e) {
            throw new AssertionError("an answer that cannot be read", e);
        }
        assertThat(values).hasSize(TestJobs.MAP_ENTRIES);
        assertThat(new HashSet<>(values)).hasSize(1);
    }

    private static long valueOf(ValueState<Long> state) {
        try {
            return state.value();
        } catch (IOException e) {
            throw new AssertionError("an answer that cannot be read", e);
        }
    }

    /** Submits a job of this name, which has worked off records for every key when this returns. */
    private interface Start {

        JobID job(String name) throws Exception;
    }
}
