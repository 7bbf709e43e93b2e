package io.queryablestate.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HeldServersTest {

    private final HeldServers held = new HeldServers(0);

    @Test
    void shouldGrantHoldsWithoutEnd_whenTheyAreShort() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(held.mayHold(0)).isTrue();
            held.charge(micros(900));
        }
    }

    @Test
    void shouldGrantAFifthOfTheTime_whenHoldsLast() {
        long heldNanos = 0;
        long now = 0;
        while (now < TimeUnit.SECONDS.toNanos(10)) {
            if (held.mayHold(now)) {
                held.charge(millis(12));
                heldNanos += millis(12);
                now += millis(12);
            } else {
                now += millis(1);
            }
        }

        assertThat(heldNanos).isBetween(TimeUnit.MILLISECONDS.toNanos(1_800), TimeUnit.MILLISECONDS.toNanos(2_100));
    }

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private static long micros(long micros) {
        return TimeUnit.MICROSECONDS.toNanos(micros);
    }
}
