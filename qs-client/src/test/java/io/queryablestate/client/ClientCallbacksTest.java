package io.queryablestate.client;

import static io.queryablestate.client.TestClient.FIVE;
import static io.queryablestate.client.TestClient.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.queryablestate.messages.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** On which threads the caller's code runs, and what it may do there. */
class ClientCallbacksTest {

    private static final String OWN_THREADS = "qs-client-";

    @Test
    void shouldRunCallbacksOnItsThreads() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (FakeProxy proxy = FakeProxy.answering(request -> {
                    await(go);
                    request.value(FIVE);
                });
                TestClient client = TestClient.of(proxy.address())) {
            CompletableFuture<String> thread = client.counts.get("key").thenApply(value -> Thread.currentThread()
                    .getName());
            go.countDown();

            assertThat(thread.get(20, TimeUnit.SECONDS)).startsWith(OWN_THREADS);
        }
    }

    @Test
    void shouldRunCallbacksOnItsThreads_whenRequestsFail() throws Exception {
        try (FakeProxy proxy = FakeProxy.answering(request -> {});
                TestClient client = TestClient.of(proxy.address())) {
            CompletableFuture<String> thread = client.counts
                    .withTimeout(Duration.ofMillis(50))
                    .get("key")
                    .handle((value, failure) -> Thread.currentThread().getName());

            assertThat(thread.get(20, TimeUnit.SECONDS)).startsWith(OWN_THREADS);
        }
    }

    @Test
    void shouldFinishTheOthers_whenACallbackBlocks() throws Exception {
        CountDownLatch added = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (FakeProxy proxy = FakeProxy.answering(request -> {
                    await(added);
                    request.value(FIVE);
                });
                TestClient client = TestClient.of(proxy.address())) {
            List<CompletableFuture<Optional<Long>>> others = new ArrayList<>();
            CompletableFuture<Void> blocking = client.counts.get("key").thenAccept(value -> await(go));
            added.countDown();
            for (int i = 0; i < 99; i++) {
                others.add(client.counts.get("key"));
            }
            for (CompletableFuture<Optional<Long>> other : others) {
                assertThat(other.get(20, TimeUnit.SECONDS)).contains(5L);
            }
            assertThat(blocking).isNotDone();
            go.countDown();
            assertThat(blocking).succeedsWithin(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void shouldNotDeadlock_whenManyCallbacksWaitForFurtherRequests() throws Exception {
        int callbacks = 200;
        try (FakeProxy proxy = FakeProxy.answering(request -> request.value(FIVE));
                TestClient client = TestClient.of(proxy.address())) {
            List<CompletableFuture<Optional<Long>>> all = new ArrayList<>();
            for (int i = 0; i < callbacks; i++) {
                all.add(client.counts
                        .get("first")
                        .thenApply(first -> client.counts.get("second").join()));
            }
            for (CompletableFuture<Optional<Long>> future : all) {
                assertThat(future.get(20, TimeUnit.SECONDS)).contains(5L);
            }
        }
    }

    @Test
    void shouldUseTheCallersExecutor_whenItHasOne() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "of-the-caller"));
        CountDownLatch go = new CountDownLatch(1);
        try (FakeProxy proxy = FakeProxy.answering(request -> {
                    await(go);
                    request.value(FIVE);
                });
                TestClient client = TestClient.of(options -> options.callbackExecutor(executor), proxy.address())) {
            CompletableFuture<String> thread = client.counts.get("key").thenApply(value -> Thread.currentThread()
                    .getName());
            go.countDown();
            assertThat(thread.get(20, TimeUnit.SECONDS)).isEqualTo("of-the-caller");
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void shouldCompleteFuturesAllTheSame_whenTheExecutorRejects() throws Exception {
        assertCompletes(task -> {
            throw new RejectedExecutionException("full");
        });
    }

    @Test
    void shouldCompleteFuturesAllTheSame_whenTheExecutorIsBroken() throws Exception {
        assertCompletes(task -> {
            throw new IllegalStateException("broken");
        });
    }

    @Test
    void shouldGoOn_whenACallbackThrowsOnTheEventLoop() throws Exception {
        try (FakeProxy proxy = FakeProxy.answering(request -> request.value(FIVE));
                TestClient client =
                        TestClient.of(options -> options.callbackExecutor(Runnable::run), proxy.address())) {
            CompletableFuture<Object> thrown = client.counts.get("key").thenApply(value -> {
                throw new IllegalStateException("in a callback");
            });
            assertThat(thrown).failsWithin(20, TimeUnit.SECONDS);
            assertThat(client.value()).isEqualTo(5);
            assertThat(proxy.server().accepted()).isEqualTo(1);
        }
    }

    private static void assertCompletes(Executor executor) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (FakeProxy proxy = FakeProxy.answering(request -> {
                    await(go);
                    request.value(FIVE);
                });
                TestClient client = TestClient.of(options -> options.callbackExecutor(executor), proxy.address())) {
            CompletableFuture<String> thread = client.counts.get("key").thenApply(value -> Thread.currentThread()
                    .getName());
            go.countDown();

            assertThat(thread.get(20, TimeUnit.SECONDS)).doesNotStartWith(OWN_THREADS);
            assertThat(failureOf(client.counts.get("x".repeat(70_000))).code()).isEqualTo(ErrorCode.BAD_REQUEST);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
