package io.queryablestate.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.QueryableStateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NamedJobTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final JobId FIRST = new JobId(1, 2);
    private static final JobId SECOND = new JobId(3, 4);

    private final MockTicker clock = Ticker.newMockTicker();
    private final EmbeddedChannel timer =
            EmbeddedChannel.builder().ticker(clock).build();
    private final List<CompletableFuture<JobId>> lookups = new ArrayList<>();
    private final NamedJob job = new NamedJob(JobName.of("words"), this::lookUp, TIMEOUT, clock::nanoTime);

    private CompletableFuture<JobId> lookUp(JobName name, Duration timeout) {
        assertThat(name).isEqualTo(JobName.of("words"));
        assertThat(timeout).isEqualTo(TIMEOUT);
        CompletableFuture<JobId> lookup = new CompletableFuture<>();
        lookups.add(lookup);
        return lookup;
    }

    private CompletableFuture<JobId> find() {
        return job.find(timer.eventLoop());
    }

    private void advance(Duration time) {
        clock.advance(time.toNanos(), TimeUnit.NANOSECONDS);
        timer.runScheduledPendingTasks();
    }

    @Test
    void shouldLookUpOnce_whenManyAskAtTheSameTime() {
        List<CompletableFuture<JobId>> askers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            askers.add(find());
        }
        lookups.get(0).complete(FIRST);

        assertThat(askers).allSatisfy(asker -> assertThat(asker).isCompletedWithValue(FIRST));
        assertThat(find()).isCompletedWithValue(FIRST);
        assertThat(lookups).hasSize(1);
        assertThat(job.id()).isEqualTo(FIRST);
    }

    @Test
    void shouldLookUpAgain_whenTheIdIsForgotten() {
        find();
        lookups.get(0).complete(FIRST);
        advance(NamedJob.MIN_INTERVAL);

        job.forget(FIRST);
        CompletableFuture<JobId> again = find();
        lookups.get(1).complete(SECOND);

        assertThat(again).isCompletedWithValue(SECOND);
    }

    @Test
    void shouldKeepTheNewerId_whenAnOlderOneIsForgotten() {
        find();
        lookups.get(0).complete(SECOND);

        job.forget(FIRST);

        assertThat(job.id()).isEqualTo(SECOND);
    }

    @Test
    void shouldLookUpTwiceASecondAtMost_whenLookupsKeepFailing() {
        for (int millis = 0; millis < 10_000; millis += 10) {
            find();
            lookups.forEach(lookup -> lookup.completeExceptionally(unknown()));
            advance(Duration.ofMillis(10));
        }

        assertThat(lookups.size()).isEqualTo(1 + 10 * 2);
    }

    @Test
    void shouldAnswerWithTheFailure_whenTheLookupFails() {
        CompletableFuture<JobId> asker = find();

        lookups.get(0).completeExceptionally(unknown());

        assertFailed(asker, ErrorCode.UNKNOWN_JOB);
    }

    @Test
    void shouldFailTyped_whenTheDirectoryThrows() {
        NamedJob broken = new NamedJob(
                JobName.of("words"),
                (name, timeout) -> {
                    throw new IllegalStateException("broken");
                },
                TIMEOUT,
                clock::nanoTime);

        CompletableFuture<JobId> asker = broken.find(timer.eventLoop());

        assertFailed(asker, ErrorCode.UNKNOWN_JOB);
        assertThatThrownBy(asker::join).hasMessageContaining("broken");
    }

    @Test
    void shouldGiveUpAndLookUpAgain_whenTheDirectoryDoesNotAnswer() {
        CompletableFuture<JobId> asker = find();

        advance(TIMEOUT);

        assertFailed(asker, ErrorCode.LOOKUP_TIMED_OUT);
        assertThat(lookups.get(0)).isCancelled();
        find();
        assertThat(lookups).hasSize(2);
    }

    @Test
    void shouldNotUseALateAnswer_whenItHasGivenUp() {
        NamedJob deaf = new NamedJob(
                JobName.of("words"),
                (name, timeout) -> {
                    CompletableFuture<JobId> lookup = new CompletableFuture<>() {
                        @Override
                        public boolean cancel(boolean mayInterruptIfRunning) {
                            return false;
                        }
                    };
                    lookups.add(lookup);
                    return lookup;
                },
                TIMEOUT,
                clock::nanoTime);
        deaf.find(timer.eventLoop());
        advance(TIMEOUT);
        deaf.find(timer.eventLoop());

        lookups.get(0).complete(FIRST);
        assertThat(deaf.id()).isNull();

        lookups.get(1).complete(SECOND);
        assertThat(deaf.id()).isEqualTo(SECOND);
    }

    @Test
    void shouldHoldABoundedNumberOfNames_whenMoreAreMentioned() {
        NamedJobs jobs = new NamedJobs(this::lookUp, TIMEOUT, clock::nanoTime);
        NamedJob often = jobs.of(JobName.of("often"));
        NamedJob once = jobs.of(JobName.of("once"));
        for (int i = 0; i < NamedJobs.MAX_NAMES; i++) {
            jobs.of(JobName.of("name" + i));
            jobs.of(JobName.of("often"));
        }

        assertThat(jobs.of(JobName.of("often"))).isSameAs(often);
        assertThat(jobs.of(JobName.of("once"))).isNotSameAs(once);
    }

    private static QueryableStateException unknown() {
        return new QueryableStateException(ErrorCode.UNKNOWN_JOB, "as the test says");
    }

    private static void assertFailed(CompletableFuture<JobId> asker, ErrorCode code) {
        assertThat(asker)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        QueryableStateException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
