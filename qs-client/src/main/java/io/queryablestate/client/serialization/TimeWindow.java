package io.queryablestate.client.serialization;

/**
 * The namespace of state in a time window, as Flink's {@code TimeWindow}: {@code int64 start, int64 end}.
 *
 * @param start the first millisecond since the epoch that belongs to the window
 * @param end the first millisecond that no longer does
 */
public record TimeWindow(long start, long end) {}
