package io.queryablestate.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.testsupport.FrameServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every request ends with a typed error by its deadline, whatever it waits for. */
class ProxyDeadlineTest {

    private static final byte[] KEY = {1, 42, 0};
    private static final int BUDGET_MILLIS = 400;
    /** 100 ms are promised; the rest is for a busy machine. */
    private static final Duration TOLERANCE = Duration.ofMillis(400);

    private final ProxyRig rig;

    ProxyDeadlineTest() throws Exception {
        rig = new ProxyRig();
    }

    @AfterEach
    void stop() {
        rig.close();
        assertThat(rig.stats.inFlight()).isZero();
    }

    @Test
    void shouldNameTheLookup_whenItIsStillUnderWay() throws Exception {
        rig.proxy.updateLocationOracle(Locations.JOB, (jobId, name) -> new CompletableFuture<>());

        assertEndsInTime(ErrorCode.LOOKUP_TIMED_OUT);
    }

    @Test
    void shouldNameTheConnection_whenTheServerNeverSaysHello() throws Exception {
        try (FrameServer silent = FrameServer.silent()) {
            rig.place(new ServerAddress("127.0.0.1", silent.port()));

            assertEndsInTime(ErrorCode.HANDSHAKE_TIMEOUT);
        }
    }

    @Test
    void shouldSayDeadlineExceeded_whenTheServerDoesNotAnswer() throws Exception {
        try (FakeStateServer silent = FakeStateServer.version2(request -> {})) {
            rig.place(silent.address());

            assertEndsInTime(ErrorCode.DEADLINE_EXCEEDED);
        }
    }

    @Test
    void shouldNameTheLastCause_whenRetriesRunOutOfTime() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (FakeStateServer server = FakeStateServer.version2(request -> {
            if (asked.incrementAndGet() == 1) {
                request.fail(ErrorCode.UNKNOWN_KV_STATE_ID);
            }
        })) {
            rig.place(server.address());

            RawClient.Answer answer = assertEndsInTime(ErrorCode.UNKNOWN_KV_STATE_ID);
            assertThat(answer.failure().text()).contains("deadline exceeded");
        }
    }

    @Test
    void shouldEndManyRequestsInTime_whenAServerIsSilent() throws Exception {
        int requests = 1_000;
        AtomicInteger asked = new AtomicInteger();
        try (FakeStateServer silent = FakeStateServer.version2(request -> {
                    if (asked.incrementAndGet() == 1) {
                        request.value(KEY);
                    }
                });
                RawClient client =
                        RawClient.version2(rig.place(silent.address()).address())) {
            client.get(KEY);
            long begin = System.nanoTime();
            for (int i = 0; i < requests; i++) {
                client.ask(KEY, i, BUDGET_MILLIS);
            }
            Duration sending = Duration.ofNanos(System.nanoTime() - begin);
            for (int i = 0; i < requests; i++) {
                assertThat(client.read().code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isLessThan(sending.plusMillis(BUDGET_MILLIS).plus(TOLERANCE));
        }
    }

    @Test
    void shouldServeTheNextAsker_whenALookupHasNeverBeenAnswered() throws Exception {
        AtomicInteger lookups = new AtomicInteger();
        CompletableFuture<KvStateLocation> never = new CompletableFuture<>();
        try (FakeStateServer server = FakeStateServer.version2(request -> request.value(KEY));
                RawClient client = RawClient.version2(rig.address())) {
            rig.proxy.updateLocationOracle(
                    Locations.JOB,
                    (jobId, name) -> lookups.incrementAndGet() == 1
                            ? never
                            : CompletableFuture.completedFuture(Locations.of(Locations.KEY, server.address())));

            assertThat(client.get(KEY).code()).isEqualTo(ErrorCode.LOOKUP_TIMED_OUT);
            assertThat(client.get(KEY).body()).isEqualTo(KEY);
            await().untilAsserted(() -> assertThat(never).isCancelled());
        }
    }

    private RawClient.Answer assertEndsInTime(ErrorCode code) throws Exception {
        try (RawClient client = RawClient.version2(rig.address())) {
            long begin = System.nanoTime();
            client.ask(KEY, 1, BUDGET_MILLIS);
            RawClient.Answer answer = client.read();
            Duration took = Duration.ofNanos(System.nanoTime() - begin);

            assertThat(answer.code()).isEqualTo(code);
            assertThat(answer.failure().isFinal()).isTrue();
            assertThat(took)
                    .isBetween(
                            Duration.ofMillis(BUDGET_MILLIS - 10),
                            Duration.ofMillis(BUDGET_MILLIS).plus(TOLERANCE));
            return answer;
        }
    }
}
