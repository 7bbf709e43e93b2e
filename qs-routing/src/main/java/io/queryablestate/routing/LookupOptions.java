package io.queryablestate.routing;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How oracles are asked.
 *
 * @param timeout how long one lookup may take
 * @param minInterval pause between the starts of two lookups for the same state
 * @param maxEntries states kept
 * @param nanoTime the clock
 */
public record LookupOptions(Duration timeout, Duration minInterval, int maxEntries, LongSupplier nanoTime) {}
