package io.queryablestate.client;

import static io.queryablestate.client.TestClient.FIVE;
import static io.queryablestate.client.TestClient.JOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.KeyGroupRange;
import io.queryablestate.messages.KvStateId;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.KvStatePlacement;
import io.queryablestate.messages.KvStateResultCodec;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.testsupport.FrameServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A client that asks state servers itself, between a fake proxy and a fake state server. */
class ClientDirectTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final AtomicInteger proxied = new AtomicInteger();
    private final List<Integer> lookups = new CopyOnWriteArrayList<>();

    /** A proxy that says that the state is there, and answers requests itself. */
    private FakeProxy proxyFor(ServerAddress stateServer) throws IOException {
        KvStateLocation location = KvStateLocation.builder(JOB, "counts", 128)
                .place(new KeyGroupRange(0, 127), new KvStatePlacement(new KvStateId(7, 8), stateServer))
                .build();
        return FakeProxy.answering(request -> {
            if (request.type() == MessageType.LOCATION_REQUEST) {
                lookups.add(request.flags());
                request.message(location::encode);
            } else {
                proxied.incrementAndGet();
                request.value(FIVE);
            }
        });
    }

    private static TestClient direct(FakeProxy proxy) {
        return TestClient.of(options -> options.directRouting(true), proxy.address());
    }

    @Test
    void shouldAskTheStateServer_onceItIsConnected() throws Exception {
        List<FakeProxy.Request> asked = new CopyOnWriteArrayList<>();
        try (FakeProxy server = FakeProxy.answering(request -> {
                    asked.add(request);
                    request.value(FIVE);
                });
                FakeProxy proxy = proxyFor(server.address());
                TestClient client = direct(proxy)) {
            await().atMost(SOON).until(() -> client.value() == 5 && !asked.isEmpty());
            int before = proxied.get();

            assertThat(client.value()).isEqualTo(5);

            assertThat(proxied).hasValue(before);
            assertThat(asked.get(0).type()).isEqualTo(MessageType.KV_STATE_INTERNAL_REQUEST);
            assertThat(lookups).containsExactly(0);
        }
    }

    @Test
    void shouldAskTheProxyAndLookAgain_whenTheStateServerHasNotTheKey() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (FakeProxy server = FakeProxy.answering(request -> {
                    if (asked.incrementAndGet() == 1) {
                        request.fail(ErrorCode.UNKNOWN_KV_STATE_ID);
                    } else {
                        request.value(FIVE);
                    }
                });
                FakeProxy proxy = proxyFor(server.address());
                TestClient client = direct(proxy)) {
            await().atMost(SOON).until(() -> client.value() == 5 && asked.get() > 1);

            assertThat(lookups).containsExactly(0, Frames.FLAG_LOCATION_STALE);
            assertThat(client.stats.failures()).isZero();
        }
    }

    @Test
    void shouldLookAgain_whenAnAnswerSaysThatTheLocationIsOutOfDate() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (FakeProxy server = FakeProxy.answering(request -> {
                    int flags = asked.incrementAndGet() == 1 ? Frames.FLAG_LOCATION_STALE : 0;
                    request.message((out, id) -> {
                        KvStateResultCodec.encodeHeader(out, flags, id, FIVE.length);
                        out.writeBytes(FIVE);
                    });
                });
                FakeProxy proxy = proxyFor(server.address());
                TestClient client = direct(proxy)) {
            await().atMost(SOON).until(() -> client.value() == 5 && asked.get() > 1);

            assertThat(lookups).containsExactly(0, Frames.FLAG_LOCATION_STALE);
            assertThat(client.stats.retries()).isZero();
        }
    }

    @Test
    void shouldAskTheProxy_whenTheStateServerIsLostMeanwhile() throws Exception {
        try (FakeProxy server = FakeProxy.answering(FakeProxy.Request::hangUp);
                FakeProxy proxy = proxyFor(server.address());
                TestClient client = direct(proxy)) {
            await().atMost(SOON).until(() -> client.value() == 5 && server.requests() > 0);
            assertThat(client.stats.failures()).isZero();
        }
    }

    @Test
    void shouldAskTheProxyWithoutDelay_whenNobodyListensOrAnswersThere() throws Exception {
        ServerAddress nobody;
        try (FakeProxy gone = FakeProxy.answering(FakeProxy.Request::absent)) {
            nobody = gone.address();
        }
        try (FrameServer silent = new FrameServer(connection -> connection.read());
                FakeProxy first = proxyFor(nobody);
                FakeProxy second = proxyFor(FakeProxy.addressOf(silent))) {
            for (FakeProxy proxy : List.of(first, second)) {
                try (TestClient client = direct(proxy)) {
                    int before = proxied.get();
                    for (int i = 0; i < 50; i++) {
                        assertThat(client.value()).isEqualTo(5);
                    }
                    assertThat(proxied).hasValue(before + 50);
                    assertThat(client.stats.retries()).isZero();
                }
            }
        }
    }
}
