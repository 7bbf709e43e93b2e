package io.queryablestate.client;

import static io.queryablestate.client.TestClient.FIVE;
import static io.queryablestate.client.TestClient.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.testsupport.FrameServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the caller is told, what is tried again, and where. */
class ClientFailuresTest {

    /** 100 ms are promised; the rest is for a busy machine. */
    private static final Duration TOLERANCE = Duration.ofMillis(400);

    @ParameterizedTest
    @EnumSource(
            names = {
                "BAD_REQUEST",
                "UNKNOWN_JOB",
                "FORBIDDEN",
                "SERIALIZER_MISMATCH",
                "STATE_FAILED",
                "DEADLINE_EXCEEDED",
                "FRAME_TOO_LARGE",
                "PROTOCOL_VIOLATION"
            })
    void shouldFailAtOnce_whenTryingAgainWouldNotHelp(ErrorCode code) throws Exception {
        try (FakeProxy proxy = FakeProxy.answering(request -> request.fail(code));
                TestClient client = TestClient.of(proxy.address())) {
            assertThat(client.failure()).isEqualTo(code);
            assertThat(proxy.requests()).isEqualTo(1);
            assertThat(client.stats.failures(code)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"UNKNOWN_KV_STATE_ID", "CONNECTION_REFUSED", "OVERLOADED", "LOCATION_UNKNOWN"})
    void shouldFailAtOnce_whenTheProxyHasGivenUp(ErrorCode code) throws Exception {
        try (FakeProxy proxy = FakeProxy.answering(request -> request.fail(new Failure(code, "given up", true)));
                TestClient client = TestClient.of(proxy.address())) {
            assertThat(client.failure()).isEqualTo(code);
            assertThat(proxy.requests()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OVERLOADED", "SHUTTING_DOWN", "LOCATION_UNKNOWN", "LOOKUP_TIMED_OUT"})
    void shouldTryAgain_whenItMayHelpLater(ErrorCode code) throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (FakeProxy proxy = FakeProxy.answering(request -> {
                    if (asked.incrementAndGet() < 4) {
                        request.fail(code);
                    } else {
                        request.value(FIVE);
                    }
                });
                TestClient client = TestClient.of(proxy.address())) {
            assertThat(client.value()).isEqualTo(5);
            assertThat(client.stats.retries()).isEqualTo(3);
        }
    }

    @Test
    void shouldComeBackWhenToldTo_whenTheProxyIsOverloaded() throws Exception {
        List<Long> askedAt = new CopyOnWriteArrayList<>();
        Failure busy = new Failure(ErrorCode.OVERLOADED, "busy").withPause(200);
        try (FakeProxy proxy = FakeProxy.answering(request -> {
                    askedAt.add(System.nanoTime());
                    if (askedAt.size() == 1) {
                        request.fail(busy);
                    } else {
                        request.value(FIVE);
                    }
                });
                TestClient client = TestClient.of(proxy.address())) {
            assertThat(client.value()).isEqualTo(5);
            assertThat(askedAt.get(1) - askedAt.get(0)).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(190));
        }
    }

    @Test
    void shouldGiveUp_whenItDoesNotHelp() throws Exception {
        try (FakeProxy proxy = FakeProxy.answering(request -> request.fail(ErrorCode.LOCATION_UNKNOWN));
                TestClient client = TestClient.of(options -> options.maxAttempts(3), proxy.address())) {
            assertThat(client.failure()).isEqualTo(ErrorCode.LOCATION_UNKNOWN);
            assertThat(proxy.requests()).isEqualTo(3);
        }
    }

    @Test
    void shouldEndWithTheLastCause_whenTheTimeIsUpBetweenAttempts() throws Exception {
        try (FakeProxy proxy = FakeProxy.answering(request -> request.fail(ErrorCode.LOCATION_UNKNOWN));
                TestClient client = TestClient.of(
                        options -> options.maxAttempts(1_000).requestTimeout(Duration.ofMillis(300)),
                        proxy.address())) {
            assertInTime(client, 300, ErrorCode.LOCATION_UNKNOWN);
        }
    }

    @Test
    void shouldSayDeadlineExceeded_whenTheProxyDoesNotAnswer() throws Exception {
        try (FakeProxy proxy = FakeProxy.answering(request -> {});
                TestClient client =
                        TestClient.of(options -> options.requestTimeout(Duration.ofMillis(300)), proxy.address())) {
            assertInTime(client, 300, ErrorCode.DEADLINE_EXCEEDED);
        }
    }

    @Test
    void shouldHoldTheTimeoutOfOneState_whenItHasItsOwn() throws Exception {
        try (FakeProxy proxy = FakeProxy.answering(request -> {});
                TestClient client = TestClient.of(proxy.address())) {
            CompletableFuture<Optional<Long>> hasty =
                    client.counts.withTimeout(Duration.ofMillis(50)).get("key");
            CompletableFuture<Optional<Long>> patient = client.counts.get("key");
            assertThat(failureOf(hasty).code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
            assertThat(patient).isNotDone();
        }
    }

    @Test
    void shouldTellApart_whetherNobodyListensOrIsSilentOrTalksNonsense() throws Exception {
        ServerAddress nobody;
        try (FrameServer closed = FrameServer.silent()) {
            nobody = FakeProxy.addressOf(closed);
        }
        try (FrameServer silent = FrameServer.silent();
                FrameServer nonsense = new FrameServer(connection -> {
                    connection.write(Unpooled.copiedBuffer("HTTP/1.1 400 Bad Request\r\n\r\n", StandardCharsets.UTF_8));
                    connection.read();
                    connection.read();
                });
                TestClient toNobody = TestClient.of(nobody);
                TestClient toSilent = TestClient.of(
                        options -> options.connectTimeout(Duration.ofMillis(200)), FakeProxy.addressOf(silent));
                TestClient toNonsense = TestClient.of(FakeProxy.addressOf(nonsense))) {
            assertThat(toNobody.failure()).isEqualTo(ErrorCode.CONNECTION_REFUSED);
            assertThat(toSilent.failure()).isEqualTo(ErrorCode.HANDSHAKE_TIMEOUT);
            assertThat(toNonsense.failure()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void shouldAskAnotherProxy_whenOneIsLost() throws Exception {
        try (FakeProxy lost = FakeProxy.answering(FakeProxy.Request::hangUp);
                FakeProxy good = FakeProxy.answering(request -> request.value(FIVE));
                TestClient client = TestClient.of(lost.address(), good.address())) {
            for (int i = 0; i < 10; i++) {
                assertThat(client.value()).isEqualTo(5);
            }
            assertThat(lost.requests()).isPositive();
        }
    }

    @Test
    void shouldAskAnotherProxy_whenOneAcceptsAndStaysSilent() throws Exception {
        try (FrameServer silent = FrameServer.silent();
                FakeProxy good = FakeProxy.answering(request -> request.value(FIVE));
                TestClient client = TestClient.of(FakeProxy.addressOf(silent), good.address())) {
            for (int i = 0; i < 10; i++) {
                assertThat(client.value()).isEqualTo(5);
            }
            assertThat(silent.accepted()).isPositive();
        }
    }

    @Test
    void shouldAskAnotherProxy_whenNobodyListensAtOne() throws Exception {
        ServerAddress nobody;
        try (FrameServer closed = FrameServer.silent()) {
            nobody = FakeProxy.addressOf(closed);
        }
        try (FakeProxy good = FakeProxy.answering(request -> request.value(FIVE));
                TestClient client = TestClient.of(nobody, good.address())) {
            for (int i = 0; i < 100; i++) {
                assertThat(client.value()).isEqualTo(5);
            }
        }
    }

    @Test
    void shouldAskAnotherProxy_whenOneIsDraining() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (FakeProxy draining = FakeProxy.answering(request -> {
                    if (asked.incrementAndGet() == 1) {
                        request.goingAway();
                        request.value(FIVE);
                    } else {
                        request.fail(ErrorCode.SHUTTING_DOWN);
                    }
                });
                FakeProxy good = FakeProxy.answering(request -> request.value(FIVE));
                TestClient client = TestClient.of(draining.address(), good.address())) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.value()).isEqualTo(5);
            }
            assertThat(draining.requests()).isEqualTo(1);
            assertThat(client.stats.retries()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OVERLOADED", "SHUTTING_DOWN"})
    void shouldAskAnotherProxyWithoutAPause_whenOneRefuses(ErrorCode code) throws Exception {
        try (FakeProxy refusing = FakeProxy.answering(request -> request.fail(code));
                FakeProxy good = FakeProxy.answering(request -> request.value(FIVE));
                TestClient client = TestClient.of(refusing.address(), good.address())) {
            for (int i = 0; i < 8; i++) {
                assertThat(client.value()).isEqualTo(5);
            }
            assertThat(refusing.requests()).isBetween(1, 8);
            assertThat(good.requests()).isEqualTo(8);
        }
    }

    @Test
    void shouldAskEveryProxyOnce_whenTheJobIsUnknown() throws Exception {
        FakeProxy.Script unknown = request -> request.fail(ErrorCode.UNKNOWN_JOB);
        try (FakeProxy one = FakeProxy.answering(unknown);
                FakeProxy two = FakeProxy.answering(unknown);
                FakeProxy three = FakeProxy.answering(unknown);
                TestClient client = TestClient.of(one.address(), two.address(), three.address(), one.address())) {
            assertThat(client.failure()).isEqualTo(ErrorCode.UNKNOWN_JOB);
            assertThat(List.of(one.requests(), two.requests(), three.requests()))
                    .containsExactly(1, 1, 1);
            assertThat(client.stats.retries()).isZero();
        }
    }

    @Test
    void shouldFindTheProxyThatKnowsTheJob() throws Exception {
        FakeProxy.Script unknown = request -> request.fail(ErrorCode.UNKNOWN_JOB);
        try (FakeProxy one = FakeProxy.answering(unknown);
                FakeProxy two = FakeProxy.answering(unknown);
                FakeProxy knows = FakeProxy.answering(request -> request.value(FIVE));
                TestClient client = TestClient.of(one.address(), two.address(), knows.address())) {
            for (int i = 0; i < 6; i++) {
                assertThat(client.value()).isEqualTo(5);
            }
        }
    }

    @Test
    void shouldFailTheRequestsOfAConnectionOnly_whenItIsReset() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (FakeProxy proxy = FakeProxy.answering(request -> {
                    if (asked.incrementAndGet() > 100) {
                        request.value(FIVE);
                    }
                });
                TestClient client = TestClient.of(options -> options.maxAttempts(1), proxy.address())) {
            List<CompletableFuture<Optional<Long>>> open = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                open.add(client.counts.get("key"));
            }
            await().until(() -> proxy.requests() == 100);
            proxy.server().resetConnections();
            for (CompletableFuture<Optional<Long>> future : open) {
                assertThat(failureOf(future).code()).isEqualTo(ErrorCode.CONNECTION_LOST);
            }
            assertThat(client.value()).isEqualTo(5);
        }
    }

    @Test
    void shouldBoundTheLoadThatRetriesAdd_whenAProxyIsDead() throws Exception {
        int requests = 500;
        try (FakeProxy dead = FakeProxy.answering(request -> request.fail(ErrorCode.OVERLOADED));
                TestClient client = TestClient.of(dead.address())) {
            List<CompletableFuture<Optional<Long>>> open = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                open.add(client.counts.get("key"));
            }
            for (CompletableFuture<Optional<Long>> future : open) {
                assertThat(failureOf(future).code()).isEqualTo(ErrorCode.OVERLOADED);
            }
            // A fifth of the requests, ten to begin with, and ten for each of the two seconds this takes at most.
            assertThat(dead.requests() - requests).isBetween(1, requests / 5 + 10 + 20);
        }
    }

    private static void assertInTime(TestClient client, int timeoutMillis, ErrorCode code) throws Exception {
        Duration took = TestClient.timed(() -> assertThat(client.failure()).isEqualTo(code));
        assertThat(took)
                .isBetween(
                        Duration.ofMillis(timeoutMillis - 5L),
                        Duration.ofMillis(timeoutMillis).plus(TOLERANCE));
    }
}
