package io.queryablestate.benchmarks;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What this project is to reach, each a figure of ours, mostly in relation to a peer's. */
@SuppressWarnings("ImmutableEnumChecker") // its fields are never changed
enum Target {
    PROXY_256_FLINK(Row.PROXY_256, "requests/s", "× Flink", Sample::requestsPerSecond, PeerName.FLINK, atLeast(5)),
    PROXY_256_RAW(Row.PROXY_256, "requests/s", "× raw relay", Sample::requestsPerSecond, PeerName.RAW, atLeast(0.5)),
    PROXY_16_FLINK(Row.PROXY_16, "requests/s", "× Flink", Sample::requestsPerSecond, PeerName.FLINK, atLeast(3.5)),
    PROXY_16_RAW(Row.PROXY_16, "requests/s", "× raw relay", Sample::requestsPerSecond, PeerName.RAW, atLeast(0.7)),
    PROXY_1_FLINK(Row.PROXY_1, "median latency", "× Flink", Sample::p50Micros, PeerName.FLINK, atMost(0.6)),
    PROXY_1_RAW(Row.PROXY_1, "median latency", "× raw relay", Sample::p50Micros, PeerName.RAW, atMost(1.3)),
    PROXY_1_P99(Row.PROXY_1, "p99 latency", "× Flink", Sample::p99Micros, PeerName.FLINK, atMost(1)),
    ONE_HOP_FLINK(
            Row.ONE_HOP_256, "requests/s", "× Flink's one hop", Sample::requestsPerSecond, PeerName.FLINK, atLeast(4)),
    ONE_HOP_REDIS(Row.ONE_HOP_256, "requests/s", "× Redis", Sample::requestsPerSecond, PeerName.REDIS, atLeast(2)),
    CPU(Row.PROXY_256, "CPU seconds per million", "× Flink", Sample::cpuSeconds, PeerName.FLINK, atMost(0.2)),
    ALLOCATION(Row.PROXY_256, "proxy's heap per request", "bytes", Sample::proxyBytes, null, atMost(120)),
    LARGE_VALUES(Row.LARGE_VALUES, "bytes/s", "× raw relay", Sample::requestsPerSecond, PeerName.RAW, atLeast(0.8)),
    DIRECT_MEMORY(
            Row.LARGE_VALUES,
            "proxy's direct memory",
            "MiB",
            sample -> sample.proxyDirectBytes() / (1 << 20),
            null,
            atMost(64));

    private final Row row;
    private final String figure;
    private final String unit;
    private final ToDoubleFunction<Sample> of;
    private final @Nullable PeerName peer;
    private final Limit limit;

    Target(Row row, String figure, String unit, ToDoubleFunction<Sample> of, @Nullable PeerName peer, Limit limit) {
        this.row = row;
        this.figure = figure;
        this.unit = unit;
        this.of = of;
        this.peer = peer;
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
        OptionalDouble unitFigure = peer == null ? OptionalDouble.of(1) : figure(results, row, peer);
        return own.isPresent() && unitFigure.isPresent()
                ? OptionalDouble.of(own.getAsDouble() / unitFigure.getAsDouble())
                : OptionalDouble.empty();
    }

    private OptionalDouble figure(Results results, Row measured, PeerName name) {
        Optional<Sample> median = results.median(measured, name);
        return median.isPresent() && !Double.isNaN(of.applyAsDouble(median.get()))
                ? OptionalDouble.of(of.applyAsDouble(median.get()))
                : OptionalDouble.empty();
    }

    boolean isMet(double reached) {
        return limit.isMet(reached);
    }

    private static Limit atLeast(double bound) {
        return new Limit(true, bound);
    }

    private static Limit atMost(double bound) {
        return new Limit(false, bound);
    }

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
