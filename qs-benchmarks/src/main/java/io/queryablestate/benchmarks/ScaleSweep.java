package io.queryablestate.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What grows while everything else stays. */
@SuppressWarnings("ImmutableEnumChecker") // its fields are never changed
enum ScaleSweep {
    CONNECTIONS("connections of clients, 256 requests in flight over all", List.of(1, 10, 100, 500, 1_000, 2_000)),
    SERVERS("state servers, 256 requests in flight", List.of(1, 2, 4, 8, 16, 32, 64)),
    VALUES(
            "bytes a value, 16 requests in flight, fewer above 2 MiB",
            List.of(8, 100, 1 << 10, 16 << 10, 256 << 10, 1 << 20, 4 << 20, 16 << 20)),
    STATES("states asked for in turn, 256 requests in flight", List.of(1, 10, 100, 1_000, 10_000));

    private static final int IN_FLIGHT = 256;
    private static final int IN_FLIGHT_OF_VALUES = 16;
    /** What may be under way at a time: less than what a process may buffer. */
    private static final int BYTES_IN_FLIGHT = 32 << 20;

    private static final int MOST_VALUES = 1_000;

    private final String title;
    private final List<Integer> sizes;

    ScaleSweep(String title, List<Integer> sizes) {
        this.title = title;
        this.sizes = sizes;
    }

    /** What grows, and what does not. */
    String title() {
        return title;
    }

    List<Integer> sizes() {
        return sizes;
    }

    String chartFile() {
        return "scale-" + name().toLowerCase(Locale.ROOT) + ".svg";
    }

    /** What the client is told, for one size. */
    String command(int size, Duration duration) {
        Work small = Work.closedLoop(Hop.PROXIED, Workload.SMALL, IN_FLIGHT);
        return switch (this) {
            case CONNECTIONS -> ScaleClient.overConnections(size, small, duration);
            case SERVERS -> ScaleClient.overStates(1, small, duration);
            case VALUES ->
                ScaleClient.overStates(1, Work.closedLoop(Hop.PROXIED, workload(size), inFlight(size)), duration);
            case STATES -> ScaleClient.overStates(size, small, duration);
        };
    }

    private static int inFlight(int valueBytes) {
        return Math.min(IN_FLIGHT_OF_VALUES, BYTES_IN_FLIGHT / valueBytes);
    }

    /** Values of one size. */
    static Workload workload(int valueBytes) {
        return valueBytes == Workload.SMALL.valueBytes()
                ? Workload.SMALL
                : new Workload(Math.min(MOST_VALUES, BYTES_IN_FLIGHT / valueBytes), valueBytes);
    }
}
