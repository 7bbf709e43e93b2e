package io.queryablestate.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DeadlineWheelTest {

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(DeadlineWheel.TICK_MILLIS);
    private static final long STEP_NANOS = TICK_NANOS / 10;
    private static final long TURN_NANOS = TICK_NANOS * DeadlineWheel.SLOTS;

    private final TestChannel loop = new TestChannel();
    private final DeadlineWheel deadlines = loop.context.deadlines();
    private final List<Entry> expired = new ArrayList<>();

    @Test
    void shouldExpireAtMostATickLateAndNeverEarly_whenDeadlinesAreRandom() {
        Random random = new Random(3);
        for (int i = 0; i < 2_000; i++) {
            deadlines.add(new Entry(deadlines.nanoTime() + random.nextLong(3 * TURN_NANOS)));
            if (i % 10 == 0) {
                advance(random.nextLong(TICK_NANOS));
            }
        }
        advance(4 * TURN_NANOS);

        assertThat(expired).hasSize(2_000).allSatisfy(entry -> assertThat(entry.expiredNanos - entry.deadlineNanos())
                // One tick for the slot, one for where in it the timer happens to run.
                .isBetween(0L, 2 * TICK_NANOS + STEP_NANOS));
        assertThat(deadlines.size()).isZero();
    }

    @Test
    void shouldWaitForItsTurn_whenDeadlineLiesTurnsAhead() {
        Entry far = new Entry(deadlines.nanoTime() + 3 * TURN_NANOS + TICK_NANOS);
        deadlines.add(far);
        advance(3 * TURN_NANOS);
        assertThat(expired).isEmpty();

        advance(3 * TICK_NANOS);
        assertThat(expired).containsExactly(far);
    }

    @Test
    void shouldExpireInTheNextTick_whenDeadlineHasPassed() {
        deadlines.add(new Entry(deadlines.nanoTime() - TURN_NANOS));
        advance(TICK_NANOS);

        assertThat(expired).hasSize(1);
    }

    @Test
    void shouldNotExpire_whenRemoved() {
        Entry entry = new Entry(deadlines.nanoTime() + TICK_NANOS);
        deadlines.add(entry);
        deadlines.remove(entry);
        deadlines.remove(entry);
        advance(TURN_NANOS);

        assertThat(expired).isEmpty();
        assertThat(deadlines.size()).isZero();
    }

    @Test
    void shouldExpireOnlyTheFirst_whenItRemovesOthersThatAreDueToo() {
        long deadline = deadlines.nanoTime() + TICK_NANOS;
        Entry second = new Entry(deadline);
        Entry third = new Entry(deadline + 3 * TICK_NANOS);
        Entry first = new Entry(deadline) {
            @Override
            protected void deadlineExpired() {
                super.deadlineExpired();
                deadlines.remove(second);
                deadlines.remove(third);
            }
        };
        deadlines.add(first);
        deadlines.add(second);
        deadlines.add(third);
        loop.ticker.advance(TURN_NANOS, TimeUnit.NANOSECONDS);
        loop.channel.runPendingTasks();

        assertThat(expired).containsExactly(first);
        assertThat(deadlines.size()).isZero();
    }

    @Test
    void shouldExpireInALaterTick_whenAddedWhileAnotherExpires() {
        Entry[] added = new Entry[1];
        deadlines.add(new Entry(deadlines.nanoTime()) {
            @Override
            protected void deadlineExpired() {
                super.deadlineExpired();
                added[0] = new Entry(deadlines.nanoTime());
                deadlines.add(added[0]);
            }
        });
        advance(3 * TICK_NANOS);

        assertThat(expired).hasSize(2).last().isSameAs(added[0]);
    }

    @Test
    void shouldExpireAllDueAndNothingElse_whenLoopStalledForTurns() {
        List<Entry> due = new ArrayList<>();
        for (int i = 1; i <= 2 * DeadlineWheel.SLOTS; i++) {
            Entry entry = new Entry(deadlines.nanoTime() + i * TICK_NANOS);
            due.add(entry);
            deadlines.add(entry);
        }
        Entry later = new Entry(deadlines.nanoTime() + 10 * TURN_NANOS);
        deadlines.add(later);
        loop.ticker.advance(5 * TURN_NANOS, TimeUnit.NANOSECONDS);
        loop.channel.runPendingTasks();
        assertThat(expired).containsExactlyInAnyOrderElementsOf(due);

        advance(6 * TURN_NANOS);
        assertThat(expired).last().isSameAs(later);
    }

    @Test
    void shouldExpireTheOthers_whenOneThrows() {
        deadlines.add(new Entry(deadlines.nanoTime()) {
            @Override
            protected void deadlineExpired() {
                throw new IllegalStateException("expected");
            }
        });
        Entry same = new Entry(deadlines.nanoTime());
        Entry later = new Entry(deadlines.nanoTime() + TURN_NANOS);
        deadlines.add(same);
        deadlines.add(later);
        advance(2 * TURN_NANOS);

        assertThat(expired).containsExactly(same, later);
        assertThat(deadlines.size()).isZero();
    }

    @Test
    void shouldStopItsTimer_whenEmpty() {
        Entry entry = new Entry(deadlines.nanoTime() + TURN_NANOS);
        deadlines.add(entry);
        assertThat(loop.channel.runScheduledPendingTasks()).isPositive();
        deadlines.remove(entry);
        advance(2 * TICK_NANOS);

        assertThat(loop.channel.runScheduledPendingTasks()).isEqualTo(-1);
    }

    @Test
    void shouldRunAgain_whenUsedAfterItWasEmptyForTurns() {
        deadlines.add(new Entry(deadlines.nanoTime()));
        advance(2 * TICK_NANOS);
        loop.ticker.advance(7 * TURN_NANOS + 5, TimeUnit.NANOSECONDS);
        deadlines.add(new Entry(deadlines.nanoTime() + 2 * TICK_NANOS));
        advance(2 * TICK_NANOS - 1);
        assertThat(expired).hasSize(1);
        advance(2 * TICK_NANOS);

        assertThat(expired).hasSize(2);
    }

    @Test
    void shouldListAll_whenAskedForEntries() {
        List<Deadline> entries = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            Entry entry = new Entry(deadlines.nanoTime() + i * TICK_NANOS);
            entries.add(entry);
            deadlines.add(entry);
        }

        assertThat(deadlines.entries()).containsExactlyInAnyOrderElementsOf(entries);
    }

    @Test
    void shouldRefuse_whenEntryIsInAWheelAlready() {
        Entry entry = new Entry(deadlines.nanoTime());
        deadlines.add(entry);

        assertThatThrownBy(() -> deadlines.add(entry)).isInstanceOf(IllegalStateException.class);
    }

    private void advance(long nanos) {
        for (long left = nanos; left > 0; left -= STEP_NANOS) {
            loop.advance(Duration.ofNanos(Math.min(STEP_NANOS, left)));
        }
    }

    private class Entry extends Deadline {
        long expiredNanos;

        Entry(long deadlineNanos) {
            super(deadlineNanos);
        }

        @Override
        protected void deadlineExpired() {
            expiredNanos = deadlines.nanoTime();
            expired.add(this);
        }
    }
}
