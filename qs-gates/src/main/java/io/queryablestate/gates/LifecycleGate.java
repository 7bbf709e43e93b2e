package io.queryablestate.gates;

import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.messages.ServerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** K2: starting and stopping, and failing to start, leaves nothing behind. */
final class LifecycleGate implements Gate {

    private static final int QUICK = 100;
    private static final int FULL = 1_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    @Override
    public void run(GateRun run) throws Exception {
        int cycles = run.times(QUICK, FULL);
        for (int i = 0; i < cycles; i++) {
            if (i % 2 == 0) {
                startAndStop(run);
            } else {
                failToStart(run, i);
            }
        }
    }

    private static void startAndStop(GateRun run) throws Exception {
        try (LoneServer server = LoneServer.on("127.0.0.1", 0, 0);
                LoneProxy proxy = LoneProxy.before(List.of(server.placement()));
                QueryableStateClient client = run.client(proxy.address()).build()) {
            new Reads(run, client, TIMEOUT).burst(10, 2);
            run.fault("start and stop");
        }
    }

    /** On a port that is taken, and on a host that does not exist. */
    private static void failToStart(GateRun run, int number) throws Exception {
        try (LoneServer holder = LoneServer.on("127.0.0.1", 0, 0)) {
            ServerAddress taken = holder.address();
            String host = number % 4 == 1 ? taken.host() : "no-such-host.invalid";
            try (LoneServer second = LoneServer.on(host, taken.port(), 0)) {
                run.miss("a server has started on " + second.address());
            } catch (IOException e) {
                run.fault("failed start");
            }
        }
    }
}
