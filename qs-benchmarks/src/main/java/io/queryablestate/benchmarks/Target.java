package io.queryablestate.benchmarks;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleBiFunction;
import org.jspecify.annotations.Nullable;

/** What this project is to reach, each a figure of ours, mostly in relation to a peer's. */
@SuppressWarnings("ImmutableEnumChecker") // its fields are never changed
enum Target {
    PROXY_256_FLINK(Row.PROXY_256, "requests/s", "× Flink", Target::keysPerSecond, of(PeerName.FLINK), atLeast(5)),
    PROXY_256_RAW(Row.PROXY_256, "requests/s", "× raw relay", Target::keysPerSecond, of(PeerName.RAW), atLeast(0.5)),
    PROXY_16_FLINK(Row.PROXY_16, "requests/s", "× Flink", Target::keysPerSecond, of(PeerName.FLINK), atLeast(3.5)),
    PROXY_16_RAW(Row.PROXY_16, "requests/s", "× raw relay", Target::keysPerSecond, of(PeerName.RAW), atLeast(0.7)),
    PROXY_1_FLINK(
            Row.PROXY_1,
            "median latency",
            "× Flink",
            (work, sample) -> sample.p50Micros(),
            of(PeerName.FLINK),
            atMost(0.6)),
    PROXY_1_RAW(
            Row.PROXY_1,
            "median latency",
            "× raw relay",
            (work, sample) -> sample.p50Micros(),
            of(PeerName.RAW),
            atMost(1.3)),
    PROXY_1_P99(
            Row.PROXY_1, "p99 latency", "× Flink", (work, sample) -> sample.p99Micros(), of(PeerName.FLINK), atMost(1)),
    ONE_HOP_FLINK(
            Row.ONE_HOP_256, "requests/s", "× Flink's one hop", Target::keysPerSecond, of(PeerName.FLINK), atLeast(4)),
    ONE_HOP_REDIS(Row.ONE_HOP_256, "requests/s", "× Redis", Target::keysPerSecond, of(PeerName.REDIS), atLeast(2)),
    CPU(
            Row.PROXY_256,
            "CPU seconds per million",
            "× Flink",
            (work, sample) -> sample.cpuSeconds(),
            of(PeerName.FLINK),
            atMost(0.2)),
    ALLOCATION(
            Row.PROXY_256,
            "proxy's heap per request",
            "bytes",
            (work, sample) -> sample.proxyBytes(),
            null,
            atMost(120)),
    GET_ALL(
            Row.GET_ALL,
            "keys/s",
            "× single reads, 256 in flight",
            Target::keysPerSecond,
            new Reference(Row.PROXY_256, null),
            atLeast(5)),
    LARGE_VALUES(Row.LARGE_VALUES, "bytes/s", "× raw relay", Target::keysPerSecond, of(PeerName.RAW), atLeast(0.8)),
    DIRECT_MEMORY(
            Row.LARGE_VALUES,
            "proxy's direct memory",
            "MiB",
            (work, sample) -> sample.proxyDirectBytes() / (1 << 20),
            null,
            atMost(64));

    private final Row row;
    private final String figure;
    private final String unit;
    private final ToDoubleBiFunction<Work, Sample> of;
    private final @Nullable Reference reference;
    private final Limit limit;

    Target(
            Row row,
            String figure,
            String unit,
            ToDoubleBiFunction<Work, Sample> of,
            @Nullable Reference reference,
            Limit limit) {
        this.row = row;
        this.figure = figure;
        this.unit = unit;
        this.of = of;
        this.reference = reference;
        this.limit = limit;
    }

    String title() {
        return row.title() + ": " + figure;
    }

    String goal() {
        return limit + " " + unit;
    }

    /** What one of ours has reached; empty if that, or what it is compared with, was not measured. */
    OptionalDouble reached(Results results, PeerName ours) {
        OptionalDouble own = figure(results, row, ours);
        OptionalDouble one = reference == null ? OptionalDouble.of(1) : reference(reference, results, ours);
        return own.isPresent() && one.isPresent()
                ? OptionalDouble.of(own.getAsDouble() / one.getAsDouble())
                : OptionalDouble.empty();
    }

    private OptionalDouble reference(Reference to, Results results, PeerName ours) {
        return figure(results, to.row == null ? row : to.row, to.peer == null ? ours : to.peer);
    }

    private OptionalDouble figure(Results results, Row measured, PeerName name) {
        Optional<Sample> median = results.median(measured, name);
        double number = median.isPresent() ? of.applyAsDouble(measured.work(), median.get()) : Double.NaN;
        return Double.isNaN(number) ? OptionalDouble.empty() : OptionalDouble.of(number);
    }

    private static double keysPerSecond(Work work, Sample sample) {
        return sample.requestsPerSecond() * work.keysPerRequest();
    }

    boolean isMet(double reached) {
        return limit.isMet(reached);
    }

    /** The same figure of a peer. */
    private static Reference of(PeerName peer) {
        return new Reference(null, peer);
    }

    private static Limit atLeast(double bound) {
        return new Limit(true, bound);
    }

    private static Limit atMost(double bound) {
        return new Limit(false, bound);
    }

    /** The same figure in another row, or of a peer: what is null is as in the figure itself. */
    private record Reference(@Nullable Row row, @Nullable PeerName peer) {}

    private record Limit(boolean lower, double bound) {

        boolean isMet(double reached) {
            return lower ? reached >= bound : reached <= bound;
        }

        @Override
        public String toString() {
            String number = bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
            return (lower ? "≥ " : "≤ ") + number;
        }
    }
}
