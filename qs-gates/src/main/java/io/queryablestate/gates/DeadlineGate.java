package io.queryablestate.gates;

import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.messages.KvStateId;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.testsupport.FrameServer;
import java.time.Duration;

/** R1: requests to peers that stay silent end by their deadline, whichever of the hops is silent. */
final class DeadlineGate implements Gate {

    private static final int IN_FLIGHT = 100;
    private static final Duration TIMEOUT = Duration.ofMillis(300);

    @Override
    public void run(GateRun run) throws Exception {
        try (FrameServer silent = FrameServer.silent()) {
            ServerAddress peer = new ServerAddress("127.0.0.1", silent.port());
            run.fault("silent proxy", ask(run, peer, run.times(500, 10_000)));
            try (LoneProxy proxy = LoneProxy.before(peer, new KvStateId(1, 1))) {
                run.fault("silent state server", ask(run, proxy.address(), run.times(500, 10_000)));
            }
        }
        run.require(
                run.ledger().ok() == 0,
                "a silent peer has answered " + run.ledger().ok() + " requests");
    }

    private static int ask(GateRun run, ServerAddress peer, int requests) throws InterruptedException {
        try (QueryableStateClient client =
                run.client(peer).requestTimeout(TIMEOUT).build()) {
            Reads reads = new Reads(run, client, TIMEOUT);
            reads.burst(requests, IN_FLIGHT);
        }
        return requests;
    }
}
