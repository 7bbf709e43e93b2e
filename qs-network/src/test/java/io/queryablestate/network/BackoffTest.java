package io.queryablestate.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffTest {

    private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30));

    @ParameterizedTest
    @CsvSource({"1, 100", "2, 200", "5, 1600", "9, 25600", "10, 30000", "31, 30000", "1000000, 30000"})
    void shouldSpreadPausesUpToTheCeiling_whenAttemptsFail(int failures, long ceilingMillis) {
        Random random = new Random(1);
        long ceiling = Duration.ofMillis(ceilingMillis).toNanos();
        long[] pauses = LongStream.range(0, 1_000)
                .map(i -> backoff.nanosAfter(failures, random))
                .toArray();

        assertThat(LongStream.of(pauses).min().orElseThrow()).isBetween(0L, ceiling / 50);
        assertThat(LongStream.of(pauses).max().orElseThrow()).isBetween(ceiling - ceiling / 50, ceiling - 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {9, 10, 20, 1_000_000, 900_000_000})
    void shouldNotOverflow_whenTheFirstPauseIsLong(long seconds) {
        Backoff huge = new Backoff(Duration.ofSeconds(seconds), Duration.ofSeconds(2 * seconds));
        for (int failures = 1; failures < 100; failures++) {
            assertThat(huge.nanosAfter(failures, new Random(failures)))
                    .isBetween(0L, Duration.ofSeconds(2 * seconds).toNanos());
        }
    }

    @Test
    void shouldNotPause_whenPausesAreZero() {
        assertThat(new Backoff(Duration.ZERO, Duration.ZERO).nanosAfter(3, new Random()))
                .isZero();
    }

    @Test
    void shouldRefuse_whenBoundsMakeNoSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(Duration.ofMillis(2), Duration.ofMillis(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(Duration.ofMillis(-1), Duration.ofMillis(1)));
    }
}
