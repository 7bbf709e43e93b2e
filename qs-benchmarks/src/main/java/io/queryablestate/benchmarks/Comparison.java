package io.queryablestate.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * Runs all peers side by side: all are started and warmed up, then they take turns, so that what disturbs the machine
 * for a while disturbs all of them. What fails is reported and spoils nothing else.
 */
final class Comparison implements AutoCloseable {

    /** Every run has the same orders. */
    private static final long SEED = 1;

    private final CompareOptions options;
    private final Results results = new Results();
    private final Map<PeerName, RunningPeer> peers = new EnumMap<>(PeerName.class);

    Comparison(CompareOptions options) {
        this.options = options;
    }

    /** Runs once. */
    Results run() throws IOException, InterruptedException {
        start();
        warmUp();
        Disturbance start = Disturbance.now(cpuNanos());
        Random shuffling = new Random(SEED);
        List<PeerName> order = new ArrayList<>(peers.keySet());
        for (int round = 1; round <= options.rounds(); round++) {
            for (Row row : options.rows()) {
                for (PeerName peer : order) {
                    measure(round, row, peer);
                }
            }
            // Nobody always runs after the same other.
            Collections.shuffle(order, shuffling);
        }
        Disturbance end = Disturbance.now(cpuNanos());
        if (order.size() == peers.size()) {
            results.shareOfOthers(start.shareOfOthers(end, Runtime.getRuntime().availableProcessors()));
        }
        return results;
    }

    private void start() throws IOException, InterruptedException {
        Path logs = Files.createDirectories(options.target().resolve("compare-logs"));
        for (PeerName name : options.peers()) {
            if (options.rowsOf(name).isEmpty()) {
                continue;
            }
            progress("starting " + name.title());
            try {
                peers.put(name, new RunningPeer(name, options.target(), logs, Row.workloads(), options.oneProcess()));
            } catch (IOException e) {
                leaveOut(name, e);
            }
        }
    }

    private void warmUp() throws InterruptedException {
        for (PeerName name : List.copyOf(peers.keySet())) {
            progress("warming up " + name.title());
            List<Row> rows = options.rowsOf(name);
            Duration share = options.warmUp(name).dividedBy(rows.size());
            for (Row row : rows) {
                attempt(name, () -> {
                    try {
                        peer(name).measure(row.work(), share);
                    } catch (CommandFailedException e) {
                        // The first requests load classes, which may take longer than a request may on a busy machine.
                        progress(name.title() + " is not warm yet: " + e.getMessage());
                    }
                });
            }
        }
    }

    private void measure(int round, Row row, PeerName name) throws InterruptedException {
        if (!row.isFor(name)) {
            return;
        }
        attempt(name, () -> {
            String where = String.format("round %d of %d, %s", round, options.rounds(), row.id());
            try {
                Sample sample = peer(name).measure(row.work(), options.measurement());
                results.add(row, name, sample);
                progress(String.format(
                        Locale.ROOT, "%-28s %,9.0f requests/s  %s", where, sample.requestsPerSecond(), name.title()));
            } catch (CommandFailedException e) {
                progress(where + ": " + e.getMessage());
                results.add(new PeerFailure(name, where, String.valueOf(e.getMessage())));
            }
        });
    }

    /** Does something with a peer if it is there, and leaves it out from then on if it can do nothing more. */
    private void attempt(PeerName name, Attempt attempt) throws InterruptedException {
        if (!peers.containsKey(name)) {
            return;
        }
        try {
            attempt.run();
        } catch (IOException e) {
            leaveOut(name, e);
        }
    }

    private void leaveOut(PeerName name, IOException cause) {
        progress(name.title() + " is left out: " + cause.getMessage());
        results.add(new PeerFailure(name, "left out", String.valueOf(cause.getMessage())));
        RunningPeer peer = peers.remove(name);
        if (peer != null) {
            peer.close();
        }
    }

    private RunningPeer peer(PeerName name) {
        return Objects.requireNonNull(peers.get(name), name::title);
    }

    private long cpuNanos() throws IOException, InterruptedException {
        long nanos = 0;
        for (RunningPeer peer : peers.values()) {
            nanos += peer.cpuNanos();
        }
        return nanos;
    }

    private static void progress(String text) {
        System.err.println("compare: " + text);
    }

    /** Ends all processes. */
    @Override
    public void close() {
        peers.values().forEach(RunningPeer::close);
    }

    @FunctionalInterface
    private interface Attempt {
        void run() throws IOException, InterruptedException;
    }
}
