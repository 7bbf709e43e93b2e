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
import java.util.Random;

/**
 * Runs all peers side by side: all are started and warmed up, then they take turns, so that what disturbs the machine
 * for a while disturbs all of them.
 */
final class Comparison implements AutoCloseable {

    /** Every run has the same orders. */
    private static final long SEED = 1;

    private final CompareOptions options;
    private final Map<PeerName, RunningPeer> peers = new EnumMap<>(PeerName.class);

    /** Starts every peer. */
    Comparison(CompareOptions options) throws IOException, InterruptedException {
        this.options = options;
        Path logs = Files.createDirectories(options.target().resolve("compare-logs"));
        try {
            for (PeerName name : PeerName.values()) {
                progress("starting " + name.title());
                peers.put(name, new RunningPeer(name, options.target(), logs));
            }
        } catch (IOException | InterruptedException e) {
            close();
            throw e;
        }
    }

    Results run() throws IOException, InterruptedException {
        warmUp();
        Results results = new Results();
        Disturbance start = Disturbance.now(cpuNanos());
        Random shuffling = new Random(SEED);
        List<PeerName> order = new ArrayList<>(peers.keySet());
        for (int round = 1; round <= options.rounds(); round++) {
            for (int inFlight : options.inFlight()) {
                for (PeerName name : order) {
                    Sample sample = peer(name).measure(inFlight, options.measurement());
                    results.add(inFlight, name, sample);
                    progress(String.format(
                            Locale.ROOT,
                            "round %d of %d, %3d in flight: %,9.0f requests/s  %s",
                            round,
                            options.rounds(),
                            inFlight,
                            sample.requestsPerSecond(),
                            name.title()));
                }
            }
            // Nobody always runs after the same other.
            Collections.shuffle(order, shuffling);
        }
        Disturbance end = Disturbance.now(cpuNanos());
        results.shareOfOthers(start.shareOfOthers(end, Runtime.getRuntime().availableProcessors()));
        return results;
    }

    private long cpuNanos() throws IOException, InterruptedException {
        long nanos = 0;
        for (RunningPeer peer : peers.values()) {
            nanos += peer.cpuNanos();
        }
        return nanos;
    }

    private void warmUp() throws IOException, InterruptedException {
        Duration share = options.warmUp().dividedBy(options.inFlight().size());
        for (PeerName name : peers.keySet()) {
            progress("warming up " + name.title());
            for (int inFlight : options.inFlight()) {
                peer(name).measure(inFlight, share);
            }
        }
    }

    private RunningPeer peer(PeerName name) {
        RunningPeer peer = peers.get(name);
        if (peer == null) {
            throw new IllegalStateException(name + " does not run");
        }
        return peer;
    }

    private static void progress(String text) {
        System.err.println("compare: " + text);
    }

    /** Ends all processes. */
    @Override
    public void close() {
        peers.values().forEach(RunningPeer::close);
    }
}
