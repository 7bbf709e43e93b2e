package io.queryablestate.gates;

import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.embedded.EmbeddedCluster;
import io.queryablestate.embedded.EmbeddedJob;
import io.queryablestate.embedded.FaultProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/** Brings up and takes down everything once, so that what a process keeps for good is not taken for a leak. */
final class WarmUp {

    private static final int READS = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private WarmUp() {}

    static void run() {
        try (EmbeddedCluster cluster = EmbeddedCluster.builder().taskManagers(1).start();
                FaultProxy network = FaultProxy.to(cluster.proxyAddresses().get(0), 1);
                QueryableStateClient client = QueryableStateClient.builder()
                        .proxy(network.address())
                        .requestTimeout(PATIENCE)
                        .connectTimeout(PATIENCE)
                        .build()) {
            EmbeddedJob job = cluster.startJob("warm-up", 1, 1);
            job.addState("state", Serializers.LONG, StateDescriptor.value(Serializers.LONG));
            var state = client.state(job.jobId(), "state", Serializers.LONG, StateDescriptor.value(Serializers.LONG));
            for (long key = 0; key < READS; key++) {
                state.get(key).join();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
