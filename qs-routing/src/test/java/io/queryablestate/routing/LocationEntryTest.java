package io.queryablestate.routing;

import static io.queryablestate.routing.CacheRig.INTERVAL;
import static io.queryablestate.routing.CacheRig.TIMEOUT;
import static io.queryablestate.routing.CacheRig.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.QueryableStateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LocationEntryTest {

    private final CacheRig rig = new CacheRig();

    @Test
    void shouldAskOnce_whenManyAskAtTheSameTime() {
        List<CompletableFuture<CachedLocation>> askers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            askers.add(rig.ask());
        }
        KvStateLocation location = rig.oracle.answer();

        assertThat(rig.oracle.asked()).isEqualTo(1);
        assertThat(askers)
                .allSatisfy(asker -> assertThat(asker.join().location()).isSameAs(location));
    }

    @Test
    void shouldAnswerFromTheCache_whenTheLocationIsKnown() {
        CachedLocation found = known();

        assertThat(rig.ask()).isCompletedWithValue(found);
        assertThat(rig.oracle.asked()).isEqualTo(1);
    }

    @Test
    void shouldAskAgain_whenTheLocationIsFoundOutOfDate() {
        CachedLocation old = known();
        rig.advance(INTERVAL);

        CompletableFuture<CachedLocation> asker = rig.ask(Locations.KEY, old);
        assertThat(old.isStale()).isTrue();
        rig.oracle.answer();

        assertThat(asker.join()).isNotSameAs(old);
        assertThat(rig.oracle.asked()).isEqualTo(2);
    }

    @Test
    void shouldKeepTheNewerLocation_whenASlowAskerFindsAnOlderOneOutOfDate() {
        CachedLocation old = known();
        rig.advance(INTERVAL);
        CompletableFuture<CachedLocation> quick = rig.ask(Locations.KEY, old);
        rig.oracle.answer();
        CachedLocation newer = quick.join();

        assertThat(rig.ask(Locations.KEY, old)).isCompletedWithValue(newer);
        assertThat(newer.isStale()).isFalse();
        assertThat(rig.oracle.asked()).isEqualTo(2);
    }

    @Test
    void shouldAskTenTimesASecondAtMost_whenLookupsKeepFailing() {
        int failed = 0;
        CompletableFuture<CachedLocation> asker = rig.ask();
        for (int millis = 0; millis < 10_000; millis++) {
            assertThat(rig.oracle.unanswered()).isLessThanOrEqualTo(1);
            if (rig.oracle.unanswered() == 1) {
                rig.oracle.last().completeExceptionally(new QueryableStateException(ErrorCode.LOCATION_UNKNOWN, "no"));
            }
            if (asker.isDone()) {
                failed++;
                asker = rig.ask();
            }
            rig.advance(Duration.ofMillis(1));
        }

        assertThat(rig.oracle.asked()).isBetween(99, 101);
        assertThat(failed).isBetween(99, 101);
    }

    @Test
    void shouldAskTenTimesASecondAtMost_whenEachLocationIsOutOfDateAtOnce() {
        CachedLocation current = known();
        for (int millis = 0; millis < 2_000; millis++) {
            CompletableFuture<CachedLocation> asker = rig.ask(Locations.KEY, current);
            if (rig.oracle.unanswered() == 1) {
                rig.oracle.answer();
            }
            if (asker.isDone()) {
                current = asker.join();
            }
            rig.advance(Duration.ofMillis(1));
        }

        assertThat(rig.oracle.asked()).isBetween(19, 21);
    }

    @Test
    void shouldPassTheCodeOn_whenTheLookupFailsTyped() {
        CompletableFuture<CachedLocation> asker = rig.ask();
        rig.oracle
                .last()
                .completeExceptionally(new QueryableStateException(ErrorCode.UNKNOWN_JOB, "never heard of it"));

        assertFailed(asker, ErrorCode.UNKNOWN_JOB);
        assertNextAskerSucceeds();
    }

    @Test
    void shouldFailAsUnknown_whenTheLookupFailsUntyped() {
        CompletableFuture<CachedLocation> asker = rig.ask();
        rig.oracle.last().completeExceptionally(new IllegalStateException("connection to the master lost"));

        assertFailed(asker, ErrorCode.LOCATION_UNKNOWN);
        assertNextAskerSucceeds();
    }

    @Test
    void shouldFailAsUnknown_whenTheOracleThrows() {
        ask((jobId, name) -> {
            throw new IllegalStateException("broken");
        });
    }

    @Test
    void shouldFailAsUnknown_whenTheOracleThrowsAnError() {
        ask((jobId, name) -> {
            throw new NoClassDefFoundError("gone");
        });
    }

    @Test
    @SuppressWarnings("NullAway") // What a careless oracle does.
    void shouldFailAsUnknown_whenTheOracleReturnsNoFuture() {
        ask((jobId, name) -> null);
    }

    @Test
    @SuppressWarnings("NullAway") // What a careless oracle does.
    void shouldFailAsUnknown_whenTheLookupAnswersNull() {
        ask((jobId, name) -> CompletableFuture.completedFuture(null));
    }

    @Test
    void shouldFailAsUnknown_whenTheLookupAnswersWithAnotherState() {
        LocationKey other = new LocationKey(Locations.JOB, "other");
        ask((jobId, name) -> CompletableFuture.completedFuture(Locations.of(other)));
    }

    @Test
    void shouldFailAsUnknown_whenTheLookupAnswersWithAnotherJob() {
        LocationKey other = new LocationKey(Locations.OTHER_JOB, Locations.STATE);
        ask((jobId, name) -> CompletableFuture.completedFuture(Locations.of(other)));
    }

    @Test
    void shouldCancelTheLookupAndFailTyped_whenItIsOverdue() {
        CompletableFuture<CachedLocation> asker = rig.ask();
        rig.advance(TIMEOUT.minusMillis(1));
        assertThat(asker).isNotDone();
        rig.advance(Duration.ofMillis(1));

        assertFailed(asker, ErrorCode.LOOKUP_TIMED_OUT);
        assertThat(rig.oracle.last()).isCancelled();
        assertNextAskerSucceeds();
    }

    @Test
    void shouldIgnoreTheAnswer_whenItComesAfterTheTimeout() {
        CompletableFuture<KvStateLocation> uncancellable = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                return false;
            }
        };
        rig.oracles.update(Locations.JOB, (jobId, name) -> uncancellable);
        CompletableFuture<CachedLocation> late = rig.ask();
        rig.advance(TIMEOUT);
        rig.oracles.update(Locations.JOB, rig.oracle);
        CompletableFuture<CachedLocation> next = rig.ask();

        uncancellable.complete(Locations.of(Locations.KEY));

        assertFailed(late, ErrorCode.LOOKUP_TIMED_OUT);
        assertThat(next).isNotDone();
        assertThat(rig.ask()).isSameAs(next);
    }

    @Test
    void shouldLeaveNoTimerBehind_whenTheLookupHasEnded() {
        rig.ask();
        assertThat(rig.hasTimers()).isTrue();
        rig.oracle.answer();

        rig.advance(Duration.ZERO);
        assertThat(rig.hasTimers()).isFalse();
    }

    @Test
    void shouldAskTheNewOracle_whenItWasReplacedBeforeTheLookupStarted() {
        CachedLocation old = known();
        CompletableFuture<CachedLocation> waiting = rig.ask(Locations.KEY, old);
        LookupScript newer = new LookupScript();
        rig.oracles.update(Locations.JOB, newer);
        rig.advance(INTERVAL);
        newer.answer();

        assertThat(rig.oracle.asked()).isEqualTo(1);
        assertThat(waiting).isCompleted();
    }

    @Test
    void shouldFailAsUnknownJob_whenTheOracleWasRemovedBeforeTheLookupStarted() {
        CompletableFuture<CachedLocation> waiting = rig.ask(Locations.KEY, known());
        rig.oracles.update(Locations.JOB, null);
        rig.advance(INTERVAL);

        assertFailed(waiting, ErrorCode.UNKNOWN_JOB);
    }

    private CachedLocation known() {
        CompletableFuture<CachedLocation> asker = rig.ask();
        rig.oracle.answer();
        return asker.join();
    }

    /** Asks an oracle that fails, then one that does not. */
    private void ask(LocationOracle broken) {
        rig.oracles.update(Locations.JOB, broken);
        CompletableFuture<CachedLocation> asker = rig.ask();
        assertFailed(asker, ErrorCode.LOCATION_UNKNOWN);
        rig.oracles.update(Locations.JOB, rig.oracle);
        assertNextAskerSucceeds();
    }

    private void assertNextAskerSucceeds() {
        @Nullable CachedLocation none = null;
        CompletableFuture<CachedLocation> next = rig.ask(Locations.KEY, none);
        rig.advance(INTERVAL);
        KvStateLocation location = rig.oracle.answer();
        assertThat(next.join().location()).isSameAs(location);
    }
}
