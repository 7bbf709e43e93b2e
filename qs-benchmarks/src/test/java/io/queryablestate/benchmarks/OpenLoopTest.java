package io.queryablestate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class OpenLoopTest {

    private static final int PER_SECOND = 1_000;
    private static final long SERVICE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final long STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    /** To three digits, as the histogram has it. */
    private static final Percentage THREE_DIGITS = Percentage.withPercentage(0.1);

    private final ManualPace pace = new ManualPace();

    @Test
    void shouldMakeEachRequestAtItsTime_whenThePeerKeepsUp() throws InterruptedException {
        List<Long> asked = new ArrayList<>();
        OpenLoop loop = new OpenLoop(
                () -> outcome -> {
                    asked.add(pace.nanoTime());
                    pace.advance(SERVICE_NANOS);
                    outcome.right();
                },
                PER_SECOND,
                16,
                pace);

        LoadResult result = loop.run(Duration.ofMillis(500));

        assertThat(asked).hasSize(500);
        for (int i = 0; i < asked.size(); i++) {
            assertThat(asked.get(i)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(i));
        }
        assertThat(result.requests()).isEqualTo(500);
        assertThat(result.p999Nanos()).isCloseTo(SERVICE_NANOS, THREE_DIGITS);
        assertThat(result.elapsedNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(499) + SERVICE_NANOS);
    }

    @Test
    void shouldCountTheWaitOfAllThatWereToBeMadeMeanwhile_whenThePeerStallsOnce() throws InterruptedException {
        int[] requests = {0};
        OpenLoop loop = new OpenLoop(
                () -> outcome -> {
                    pace.advance(++requests[0] == 100 ? STALL_NANOS : 0);
                    outcome.right();
                },
                PER_SECOND,
                16,
                pace);

        LoadResult result = loop.run(Duration.ofSeconds(1));

        // One request of 1,000 was slow, so its own time is not even in the 99th percentile; but 199 others were due
        // while it lasted, one each millisecond, and of these ten waited for at least 190 ms.
        assertThat(result.requests()).isEqualTo(1_000);
        assertThat(result.p50Nanos()).isZero();
        assertThat(result.p99Nanos()).isBetween(TimeUnit.MILLISECONDS.toNanos(189), STALL_NANOS);
    }

    @Test
    void shouldCountTheWaitForAPlace_whenNoMoreRequestsMayBeUnderWay() throws InterruptedException {
        ArrayDeque<Query.Outcome> open = new ArrayDeque<>();
        // The third request of the plan needs the place of the first one, which is answered 50 ms late.
        ManualPace answering = new ManualPace() {
            @Override
            public void waitUntil(long nanos) {
                if (open.size() == 2) {
                    advance(TimeUnit.MILLISECONDS.toNanos(50));
                    open.remove().right();
                    open.remove().right();
                }
                super.waitUntil(nanos);
            }
        };
        OpenLoop loop = new OpenLoop(
                () -> outcome -> {
                    open.add(outcome);
                    if (answering.nanoTime() > TimeUnit.MILLISECONDS.toNanos(2)) {
                        open.remove().right();
                    }
                },
                PER_SECOND,
                2,
                answering);

        LoadResult result = loop.run(Duration.ofMillis(3));

        // Planned for 0, 1 and 2 ms; the last one was sent at 51 ms and answered at once.
        assertThat(result.requests()).isEqualTo(3);
        assertThat(result.p50Nanos()).isCloseTo(TimeUnit.MILLISECONDS.toNanos(50), THREE_DIGITS);
        assertThat(result.elapsedNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(51));
    }

    @Test
    void shouldFail_whenARequestFails() {
        OpenLoop loop = new OpenLoop(
                () -> outcome -> outcome.failed(new IllegalStateException("overloaded")), PER_SECOND, 16, pace);

        assertThatThrownBy(() -> loop.run(Duration.ofMinutes(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("overloaded");
    }

    /** Time that passes only when somebody says so, or when everybody waits. */
    private static class ManualPace implements Pace {

        private long now;

        void advance(long nanos) {
            now += nanos;
        }

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public void waitUntil(long nanos) {
            now = Math.max(now, nanos);
        }
    }
}
