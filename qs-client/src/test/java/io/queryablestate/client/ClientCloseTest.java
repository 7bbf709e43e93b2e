package io.queryablestate.client;

import static io.queryablestate.client.TestClient.FIVE;
import static io.queryablestate.client.TestClient.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.testsupport.FrameServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClientCloseTest {

    @Test
    void shouldFailWhatIsOpen_whereverItWaits() throws Exception {
        try (FakeProxy silent = FakeProxy.answering(request -> {});
                FakeProxy refusing = FakeProxy.answering(request -> request.fail(ErrorCode.LOCATION_UNKNOWN));
                FrameServer mute = FrameServer.silent()) {
            TestClient waiting = patient(silent.address());
            TestClient pausing = patient(refusing.address());
            TestClient connecting = patient(FakeProxy.addressOf(mute));
            List<CompletableFuture<Optional<Long>>> open = new ArrayList<>();
            for (TestClient client : List.of(waiting, pausing, connecting)) {
                for (int i = 0; i < 10; i++) {
                    open.add(client.counts.get("key"));
                }
            }
            await().until(() -> silent.requests() == 10 && refusing.requests() >= 10 && mute.accepted() == 1);

            waiting.close();
            pausing.close();
            connecting.close();

            for (CompletableFuture<Optional<Long>> future : open) {
                assertThat(failureOf(future).code()).isIn(ErrorCode.CLIENT_CLOSED, ErrorCode.LOCATION_UNKNOWN);
            }
            assertThat(waiting.stats.failures(ErrorCode.CLIENT_CLOSED)).isEqualTo(10);
            assertThat(connecting.stats.failures(ErrorCode.CLIENT_CLOSED)).isEqualTo(10);
            for (TestClient client : List.of(waiting, pausing, connecting)) {
                assertThat(client.stats.inFlight()).isZero();
                assertThat(client.stats.openConnections()).isZero();
            }
            await().until(() -> silent.server().open() == 0 && mute.open() == 0);
        }
    }

    @Test
    void shouldRefuseRequests_whenItIsClosed() throws Exception {
        try (FakeProxy proxy = FakeProxy.answering(request -> request.value(FIVE))) {
            TestClient client = TestClient.of(proxy.address());
            client.close();
            assertThat(client.failure()).isEqualTo(ErrorCode.CLIENT_CLOSED);
            assertThat(failureOf(client.client.location(TestClient.JOB, "counts"))
                            .code())
                    .isEqualTo(ErrorCode.CLIENT_CLOSED);
            client.close();
            assertThat(client.client.closeAsync()).isCompleted();
        }
    }

    @Test
    void shouldLeaveNoThreads() throws Exception {
        try (FakeProxy proxy = FakeProxy.answering(request -> request.value(FIVE))) {
            for (int i = 0; i < 20; i++) {
                try (TestClient client = TestClient.of(options -> options.eventLoopThreads(2), proxy.address())) {
                    client.value();
                    client.value();
                }
            }
        }
        await().atMost(5, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .noneMatch(thread -> thread.getName().startsWith("qs-client-")));
    }

    @Test
    void shouldEndEveryFuture_whenItIsClosedUnderLoad() throws Exception {
        try (FakeProxy proxy = FakeProxy.answering(request -> request.value(FIVE))) {
            for (int round = 0; round < 100; round++) {
                TestClient client = TestClient.of(options -> options.maxOpenRequests(1_000_000), proxy.address());
                List<CompletableFuture<Optional<Long>>> open = new ArrayList<>();
                CountDownLatch begun = new CountDownLatch(1);
                CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 2_000; i++) {
                        open.add(client.counts.get("key"));
                        begun.countDown();
                    }
                });
                assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
                client.close();
                load.get(20, TimeUnit.SECONDS);
                for (CompletableFuture<Optional<Long>> future : open) {
                    future.handle((value, failure) -> value).get(20, TimeUnit.SECONDS);
                    if (future.isCompletedExceptionally()) {
                        assertThat(failureOf(future).code()).isEqualTo(ErrorCode.CLIENT_CLOSED);
                    }
                }
            }
        }
    }

    @Test
    void shouldLetFuturesBeCancelled_whenItIsClosed() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (FakeProxy silent = FakeProxy.answering(request -> {})) {
            TestClient client = TestClient.of(
                    options -> options.callbackExecutor(task -> CompletableFuture.runAsync(() -> {
                        try {
                            assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                        task.run();
                    })),
                    silent.address());
            CompletableFuture<Optional<Long>> open = client.counts.get("key");
            await().until(() -> silent.requests() == 1);
            client.close();

            assertThat(open.cancel(true)).isTrue();
            go.countDown();
        }
    }

    @Test
    void shouldReturn_whenItIsClosedInACallback() throws Exception {
        try (FakeProxy proxy = FakeProxy.answering(request -> request.value(FIVE))) {
            TestClient client = TestClient.of(proxy.address());
            CompletableFuture<Void> closed = client.counts.get("key").thenAccept(value -> client.close());
            assertThat(closed).succeedsWithin(Duration.ofSeconds(20));
        }
    }

    @Test
    void shouldReturn_whenItIsClosedInACallbackOnTheEventLoop() throws Exception {
        try (FakeProxy proxy = FakeProxy.answering(request -> request.value(FIVE))) {
            TestClient client = TestClient.of(options -> options.callbackExecutor(Runnable::run), proxy.address());
            CompletableFuture<Void> closed = client.counts.get("key").thenAccept(value -> client.close());
            assertThat(closed).succeedsWithin(Duration.ofSeconds(2));
            assertThat(client.client.closeAsync()).succeedsWithin(Duration.ofSeconds(20));
        }
    }

    private static TestClient patient(ServerAddress proxy) {
        return TestClient.of(
                options -> options.requestTimeout(Duration.ofMinutes(1))
                        .connectTimeout(Duration.ofMinutes(1))
                        .maxAttempts(1_000),
                proxy);
    }
}
