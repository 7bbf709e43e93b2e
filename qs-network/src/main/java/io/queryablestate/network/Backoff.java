package io.queryablestate.network;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses between attempts: a random time up to a ceiling that doubles with each attempt ("full jitter").
 *
 * @param first ceiling of the first pause
 * @param max ceiling of every pause
 */
public record Backoff(Duration first, Duration max) {

    private static final int MAX_DOUBLINGS = 30;

    public Backoff {
        if (first.isNegative() || max.compareTo(first) < 0) {
            throw new IllegalArgumentException("pauses of " + first + " up to " + max);
        }
    }

    /**
     * The pause before an attempt, in nanoseconds.
     *
     * @param failures how many attempts have failed, at least 1
     */
    public long nanosAfter(int failures, RandomGenerator random) {
        long ceiling = first.toNanos() << Math.min(failures - 1, MAX_DOUBLINGS);
        boolean overflown = ceiling >> Math.min(failures - 1, MAX_DOUBLINGS) != first.toNanos();
        long bound = overflown || ceiling > max.toNanos() ? max.toNanos() : ceiling;
        return bound == 0 ? 0 : random.nextLong(bound);
    }
}
