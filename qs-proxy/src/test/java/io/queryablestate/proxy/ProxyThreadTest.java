package io.queryablestate.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.network.RequestStats;
import io.queryablestate.network.ServerOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** On the good path a request is read, forwarded and answered on one event loop. */
class ProxyThreadTest {

    private static final int LOOPS = 3;
    private static final int CLIENTS = 6;
    private static final byte[] KEY = {1, 42, 0};

    @Test
    void shouldNeverChangeThreads_whenTheLocationIsKnown() throws Exception {
        Threads threads = new Threads();
        KvStateClientProxy proxy = new KvStateClientProxy(
                ProxyOptions.builder()
                        .server(ServerOptions.builder().eventLoopThreads(LOOPS).build())
                        .build(),
                List::of,
                threads);
        List<RawClient> clients = new ArrayList<>();
        try (proxy;
                FakeStateServer server = FakeStateServer.version2(request -> request.value(KEY))) {
            proxy.start();
            proxy.updateLocationOracle(
                    Locations.JOB,
                    (jobId, name) ->
                            CompletableFuture.supplyAsync(() -> Locations.of(Locations.KEY, server.address())));
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(RawClient.version2(proxy.address()));
            }
            for (int round = 0; round < 20; round++) {
                for (RawClient client : clients) {
                    assertThat(client.get(KEY).body()).isEqualTo(KEY);
                    await().pollInterval(Duration.ofMillis(1))
                            .until(() -> threads.ended.size() == threads.started.size());
                }
            }
            for (RawClient client : clients) {
                client.close();
            }

            // One request at a time, so both queues are in the order of the requests.
            assertThat(threads.ended).containsExactlyElementsOf(threads.started);
            // Each loop was used, and each has a connection of its own to the state server.
            assertThat(threads.started.stream().distinct()).hasSize(LOOPS);
            assertThat(server.server().accepted()).isEqualTo(LOOPS);
        }
    }

    /** On which threads requests were read and answered. */
    private static final class Threads implements RequestStats {

        final Queue<String> started = new ConcurrentLinkedQueue<>();
        final Queue<String> ended = new ConcurrentLinkedQueue<>();

        @Override
        public void connectionOpened() {}

        @Override
        public void connectionClosed() {}

        @Override
        public void requestStarted() {
            started.add(Thread.currentThread().getName());
        }

        @Override
        public void requestSucceeded(long nanos) {
            ended.add(Thread.currentThread().getName());
        }

        @Override
        public void requestFailed(ErrorCode code, long nanos) {
            ended.add(code.name());
        }

        @Override
        public void requestRetried() {}

        @Override
        public void requestAbandoned() {
            ended.add("abandoned");
        }
    }
}
