package io.queryablestate.gates;

import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.client.QueryableStateClientBuilder;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.network.CountingStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * One run of a gate: its counts, its requests, its findings. Used by the gate's thread, except for the ledger, the
 * counters and {@link #miss}.
 */
final class GateRun {

    private static final Duration SETTLE = Duration.ofSeconds(30);

    private final Stalls stalls = new Stalls();
    private final Ledger ledger = new Ledger(stalls);
    private final CountingStats clients = new CountingStats();
    private final Map<String, Long> faults = new TreeMap<>();
    private final Map<String, Object> figures = new TreeMap<>();
    private final List<String> misses = new ArrayList<>();
    private final Scale scale;
    private final long seed;
    private final Random random;

    GateRun(Scale scale, long seed) {
        this.scale = scale;
        this.seed = seed;
        this.random = new Random(seed);
    }

    Ledger ledger() {
        return ledger;
    }

    Random random() {
        return random;
    }

    long seed() {
        return seed;
    }

    /** How often something is done in this run. */
    int times(int quick, int full) {
        return scale.times(quick, full);
    }

    /** A client whose every request is counted at its start and at its end. */
    QueryableStateClientBuilder client(ServerAddress... proxies) {
        QueryableStateClientBuilder builder = QueryableStateClient.builder().stats(clients);
        for (ServerAddress proxy : proxies) {
            builder.proxy(proxy);
        }
        return builder;
    }

    /** Something was done to the system on purpose. */
    void fault(String kind) {
        fault(kind, 1);
    }

    void fault(String kind, long count) {
        faults.merge(kind, count, Long::sum);
    }

    long faults(String kind) {
        return faults.getOrDefault(kind, 0L);
    }

    /** Something that was measured. */
    void figure(String name, Object value) {
        figures.put(name, value);
    }

    /** Milliseconds since then, without those for which this process was held up. */
    long millisSince(long startNanos) {
        long now = System.nanoTime();
        return TimeUnit.NANOSECONDS.toMillis(now - startNanos - stalls.nanosBetween(startNanos, now));
    }

    /** The largest of what was measured under that name. */
    void most(String name, long value) {
        figures.merge(name, value, (one, other) -> Math.max((Long) one, (Long) other));
    }

    /** Something that was seen once more. */
    void count(String name) {
        figures.merge(name, 1L, (one, other) -> (Long) one + (Long) other);
    }

    /** The gate does not hold unless this is so. */
    void require(boolean holds, String what) {
        if (!holds) {
            miss(what);
        }
    }

    void requireAtMost(String name, Number measured, Number limit) {
        figure(name, measured);
        require(
                measured.doubleValue() <= limit.doubleValue(),
                name + " is " + measured + ", at most " + limit + " is allowed");
    }

    void requireAtLeast(String name, Number measured, Number limit) {
        figure(name, measured);
        require(
                measured.doubleValue() >= limit.doubleValue(),
                name + " is " + measured + ", at least " + limit + " is wanted");
    }

    synchronized void miss(String what) {
        misses.add(what);
    }

    /** Runs the gate and checks what holds in every gate. */
    GateResult measure(String id, Gate gate) throws InterruptedException {
        WarmUp.run();
        Baseline before = Baseline.now();
        long start = System.nanoTime();
        try {
            gate.run(this);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception | AssertionError e) {
            miss("the gate ended with " + e);
        }
        ledger.awaitAll(SETTLE);
        stalls.close();
        Baseline.Delta delta = before.settle();
        checkInvariants(delta);
        long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
        return new GateResult(id, scale, seed, seconds, ledger, doubleCompleted(), delta, faults, figures, misses);
    }

    private void checkInvariants(Baseline.Delta delta) {
        require(ledger.pending() == 0, "I1: " + ledger.pending() + " requests never ended");
        long told = ledger.ok() + ledger.typedErrors() + ledger.corruptAnswers();
        require(ledger.issued() == told, "I1: issued " + ledger.issued() + ", ended as they may " + told);
        require(doubleCompleted() == 0, "I1: " + doubleCompleted() + " requests ended more than once");
        require(
                ledger.lateRequests() == 0,
                "I1: " + ledger.lateRequests() + " requests ended later than 100 ms after their deadline");
        require(ledger.wrongValues() == 0, "I2: " + ledger.wrongValues() + " wrong values");
        require(ledger.untypedErrors() == 0, "I3: " + ledger.untypedErrors() + " errors without a code");
        ledger.samples().forEach(this::miss);
        require(delta.buffers() == 0, "I4: " + delta.buffers() + " buffers are not released");
        require(delta.threads().isEmpty(), "I5: threads left: " + delta.threads());
        require(delta.descriptors() <= 0, "I5: " + delta.descriptors() + " file descriptors left");
    }

    private long doubleCompleted() {
        long ended = clients.successes() + clients.failures() + clients.abandoned();
        return Math.max(0, ended - clients.requests());
    }
}
