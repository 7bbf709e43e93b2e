package io.queryablestate.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.queryablestate.client.QueryableState;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.QueryableStateException;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LocationFaultsIT {

    private EmbeddedCluster cluster;
    private EmbeddedJob job;
    private EmbeddedState<Integer, Long> counts;
    private QueryableStateClient client;
    private QueryableState<Integer, Long> state;

    @BeforeEach
    void start() throws IOException {
        cluster = EmbeddedCluster.builder().start();
        job = cluster.startJob("lost", 2, 16);
        counts = Ask.addCounts(job);
        counts.put(1, 1L);
        client = Ask.client(cluster.proxyAddresses())
                .requestTimeout(Duration.ofMillis(1500))
                .build();
        state = Ask.counts(client, job);
    }

    @AfterEach
    void close() {
        client.close();
        cluster.close();
    }

    @Test
    void shouldAnswerLate_whenTheOracleIsSlow() {
        Duration delay = Duration.ofMillis(300);
        cluster.oracle().delay(delay);

        long start = System.nanoTime();
        assertThat(Ask.value(state.get(1))).isEqualTo(1L);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(delay);
    }

    @Test
    void shouldSayThatTheLookupTimedOut_whenTheOracleIsSilent_andRecoverWithIt() {
        cluster.oracle().silence();
        assertThat(failureOf(state).code()).isEqualTo(ErrorCode.LOOKUP_TIMED_OUT);

        cluster.oracle().normal();
        assertThat(Ask.value(state.get(1))).isEqualTo(1L);
    }

    @Test
    void shouldSayThatTheLocationIsUnknown_whenTheOracleThrows_andRecoverWithIt() {
        cluster.oracle().fail(new IllegalStateException("the oracle is broken"));
        assertThat(failureOf(state).code()).isEqualTo(ErrorCode.LOCATION_UNKNOWN);

        cluster.oracle().normal();
        assertThat(Ask.value(state.get(1))).isEqualTo(1L);
    }

    @Test
    void shouldNotAskTheOracle_whenTheLocationIsCached() {
        for (int i = 0; i < 10; i++) {
            Ask.value(state.get(1));
        }
        cluster.oracle().silence();
        for (int i = 0; i < 10; i++) {
            assertThat(Ask.value(state.get(1))).isEqualTo(1L);
        }
        assertThat(cluster.oracle().lookups()).isLessThanOrEqualTo(2);
    }

    @Test
    void shouldTellUnknownJobsFromUnknownStates() {
        assertThat(failureOf(client.state(JobId.random(), "counts", Serializers.INT, Ask.LONG))
                        .code())
                .isEqualTo(ErrorCode.UNKNOWN_JOB);
        assertThat(failureOf(client.state(job.jobId(), "other", Serializers.INT, Ask.LONG))
                        .code())
                .isEqualTo(ErrorCode.LOCATION_UNKNOWN);
    }

    @Test
    void shouldForgetTheJobEverywhere_whenItEnds() {
        for (int i = 0; i < 4; i++) {
            Ask.value(state.get(1));
        }
        assertThat(cluster.taskManagers()).allSatisfy(taskManager -> assertThat(taskManager.cachedLocations())
                .isEqualTo(1));

        job.close();
        job.close();

        assertThat(cluster.taskManagers()).allSatisfy(taskManager -> assertThat(taskManager.cachedLocations())
                .isZero());
        assertThat(failureOf(state).code()).isEqualTo(ErrorCode.UNKNOWN_JOB);
        assertThat(Ask.answer(client.catalogue()).entries()).isEmpty();
    }

    private static QueryableStateException failureOf(QueryableState<Integer, Long> asked) {
        return catchThrowableOfType(QueryableStateException.class, () -> Ask.answer(asked.get(1)));
    }
}
