package io.queryablestate.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Measures all sweeps. What fails is reported and spoils nothing else. Used by one thread. */
final class ScaleRun {

    private static final int STATES = 10_000;
    private static final int CONNECTIONS = 2_000;
    private static final int WAITING = 2_000;
    /** So many states are asked for that none is left out. */
    private static final Duration ALL_STATES = Duration.ofSeconds(5);

    private final Path target;
    private final int rounds;
    private final Duration measurement;
    private final Duration warmUp;
    private final ScaleResults results = new ScaleResults();

    ScaleRun(Path target, boolean quick) {
        this.target = target;
        this.rounds = quick ? 2 : 5;
        this.measurement = Duration.ofSeconds(quick ? 1 : 3);
        this.warmUp = Duration.ofSeconds(quick ? 2 : 5);
    }

    /** Runs once. */
    ScaleResults run() throws InterruptedException {
        attempt("one server", () -> {
            List<Workload> workloads =
                    ScaleSweep.VALUES.sizes().stream().map(ScaleSweep::workload).toList();
            try (ScaleSystem system = new ScaleSystem(target, 1, STATES, workloads)) {
                warmUp(system, ScaleSweep.SERVERS, 1);
                warmUp(system, ScaleSweep.CONNECTIONS, 1);
                attempt("memory", () -> results.memory(memory(system)));
                for (int round = 0; round < rounds; round++) {
                    for (ScaleSweep sweep : List.of(ScaleSweep.CONNECTIONS, ScaleSweep.VALUES, ScaleSweep.STATES)) {
                        for (int size : sweep.sizes()) {
                            measure(system, sweep, size);
                        }
                    }
                }
            }
        });
        for (int servers : ScaleSweep.SERVERS.sizes()) {
            attempt(servers + " servers", () -> {
                try (ScaleSystem system = new ScaleSystem(target, servers, 1, List.of(Workload.SMALL))) {
                    warmUp(system, ScaleSweep.SERVERS, servers);
                    for (int round = 0; round < rounds; round++) {
                        measure(system, ScaleSweep.SERVERS, servers);
                    }
                }
            });
        }
        return results;
    }

    private void warmUp(ScaleSystem system, ScaleSweep sweep, int size) throws IOException, InterruptedException {
        try {
            system.measure(sweep.command(size, warmUp), warmUp);
        } catch (CommandFailedException e) {
            // The first requests load classes, which may take longer than a request may on a busy machine.
            progress("not warm yet: " + e.getMessage());
        }
    }

    private void measure(ScaleSystem system, ScaleSweep sweep, int size) throws IOException, InterruptedException {
        try {
            Sample sample = system.measure(sweep.command(size, measurement), measurement);
            results.add(sweep, size, sample);
            progress(String.format("%,d %s: %,.0f requests/s", size, sweep.title(), sample.requestsPerSecond()));
        } catch (CommandFailedException e) {
            progress(size + " " + sweep.title() + ": " + e.getMessage());
            results.fail(size + " " + sweep.title() + ": " + e.getMessage());
        }
    }

    private static ScaleMemory memory(ScaleSystem system) throws IOException, InterruptedException {
        // What the first of a kind brings with it is not counted.
        system.tell(ScaleClient.open(1));
        ProcessMemory proxy = system.proxyMemory();
        ProcessMemory client = system.clientMemory();
        system.tell(ScaleClient.open(CONNECTIONS + 1));
        ProcessMemory proxyWithConnections = system.proxyMemory();
        ProcessMemory clientWithConnections = system.clientMemory();

        system.tell(ScaleClient.waiting(1));
        ProcessMemory server = system.serverMemory();
        system.tell(ScaleClient.waiting(WAITING));
        ProcessMemory serverWithRequests = system.serverMemory();
        ProcessMemory proxyWithRequests = system.proxyMemory();
        ProcessMemory clientWithRequests = system.clientMemory();

        system.tell(ScaleClient.close());
        ProcessMemory proxyWithoutStates = system.proxyMemory();
        system.measure(ScaleSweep.STATES.command(STATES, ALL_STATES), ALL_STATES);
        ProcessMemory proxyWithStates = system.proxyMemory();
        return new ScaleMemory(
                proxyWithConnections.since(proxy).dividedBy(CONNECTIONS),
                clientWithConnections.since(client).dividedBy(CONNECTIONS),
                serverWithRequests.since(server).dividedBy(WAITING),
                proxyWithRequests.since(proxyWithConnections).dividedBy(WAITING),
                clientWithRequests.since(clientWithConnections).dividedBy(WAITING),
                proxyWithStates.since(proxyWithoutStates).dividedBy(STATES));
    }

    private void attempt(String what, Attempt attempt) throws InterruptedException {
        progress(what);
        try {
            attempt.run();
        } catch (IOException e) {
            progress(what + ": " + e.getMessage());
            results.fail(what + ": " + e.getMessage());
        }
    }

    private static void progress(String text) {
        System.err.println("scale: " + text);
    }

    @FunctionalInterface
    private interface Attempt {
        void run() throws IOException, InterruptedException;
    }
}
