package io.queryablestate.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.queryablestate.network.ServerOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one client asks for must not stand in front of what all others ask for. */
class ProxyFairnessTest {

    private static final byte[] KEY = {1, 42, 0};
    private static final int FIRST = 65;
    private static final byte[] LARGE = new byte[200 * 1024];

    private final ProxyRig rig;
    private final List<FakeStateServer.Request> waiting = new CopyOnWriteArrayList<>();

    ProxyFairnessTest() throws Exception {
        rig = new ProxyRig(ProxyOptions.builder()
                .server(ServerOptions.builder().eventLoopThreads(1).build())
                .build());
    }

    @AfterEach
    void stop() {
        rig.close();
        assertThat(rig.stats.inFlight()).isZero();
    }

    @Test
    void shouldAskForAMebibyteAtATime_whenAnswersAreLarge() throws Exception {
        try (FakeStateServer server = FakeStateServer.version2(waiting::add);
                RawClient greedy =
                        RawClient.version2(rig.place(server.address()).address());
                RawClient other = RawClient.version2(rig.address())) {
            ask(greedy, 200);
            await().until(() -> waiting.size() == FIRST);
            assertThat(rig.stats.inFlight()).isEqualTo(FIRST);
            for (FakeStateServer.Request request : List.copyOf(waiting)) {
                request.value(LARGE);
                assertThat(greedy.read().body()).hasSize(LARGE.length);
            }
            // Five are a mebibyte; one is read to see that it is one too many.
            await().until(() -> waiting.size() == FIRST + 6);
            assertThat(rig.stats.inFlight()).isEqualTo(6);

            other.ask(KEY, 1, 60_000);
            await().until(() -> waiting.size() == FIRST + 7);
            waiting.get(FIRST + 6).value(KEY);
            assertThat(other.read().body()).isEqualTo(KEY);
        }
    }

    @Test
    void shouldAskForAllAtOnce_whenAnswersAreSmall() throws Exception {
        try (FakeStateServer server = FakeStateServer.version2(waiting::add);
                RawClient client =
                        RawClient.version2(rig.place(server.address()).address())) {
            client.ask(KEY, 1, 60_000);
            await().until(() -> waiting.size() == 1);
            waiting.get(0).value(new byte[1024]);
            client.read();
            ask(client, 1_000);

            await().until(() -> waiting.size() == 1 + 1_000);
        }
    }

    @Test
    void shouldAskForAllInTheEnd_whenNothingIsAnswered() throws Exception {
        try (FakeStateServer silent = FakeStateServer.version2(waiting::add);
                RawClient client =
                        RawClient.version2(rig.place(silent.address()).address())) {
            ask(client, 2 * FIRST);

            await().until(() -> waiting.size() == 2 * FIRST);
        }
    }

    private static void ask(RawClient client, int requests) throws Exception {
        for (int i = 0; i < requests; i++) {
            client.ask(KEY, 1, 60_000);
        }
    }
}
