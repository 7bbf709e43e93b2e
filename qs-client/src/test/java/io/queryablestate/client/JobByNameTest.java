package io.queryablestate.client;

import static io.queryablestate.client.FakeJobManager.job;
import static io.queryablestate.client.TestClient.FIVE;
import static io.queryablestate.client.TestClient.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.QueryableStateException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that asks for a job by its name. */
@Timeout(60)
class JobByNameTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final JobName WORDS = JobName.of("words");
    private static final JobId FORMER = new JobId(1, 2);
    private static final JobId LATTER = new JobId(3, 4);

    /** The job that the proxies know. */
    private volatile JobId running = FORMER;

    private void answer(FakeProxy.Request request) throws IOException {
        if (request.jobId().equals(running)) {
            request.value(FIVE);
        } else {
            request.fail(ErrorCode.UNKNOWN_JOB);
        }
    }

    private static QueryableState<String, Long> counts(TestClient client) {
        return client.client.state(WORDS, "counts", Serializers.STRING, StateDescriptor.value(Serializers.LONG));
    }

    private static UnaryOperator<QueryableStateClientBuilder> askingFor(FakeJobManager jobManager) {
        return options -> options.jobManager(jobManager.address()).requestTimeout(SOON);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldLookTheNameUpOnce_whenKeysAreAskedFor(int version) throws Exception {
        try (FakeJobManager jobManager = FakeJobManager.listing(job(FORMER, "words", "RUNNING"));
                FakeProxy proxy = FakeProxy.version(version, this::answer);
                TestClient client = TestClient.of(askingFor(jobManager), proxy.address())) {
            assertThat(counts(client).get("a")).succeedsWithin(SOON).isEqualTo(Optional.of(5L));
            assertThat(counts(client).get("b")).succeedsWithin(SOON).isEqualTo(Optional.of(5L));
            assertThat(client.client.jobId(WORDS)).succeedsWithin(SOON).isEqualTo(FORMER);

            assertThat(jobManager.requests()).isEqualTo(1);
        }
    }

    @Test
    void shouldAskTheJobManagerOnce_whenManyCallersNeedTheName() throws Exception {
        CountDownLatch allAsk = new CountDownLatch(1);
        FakeJobManager.Script overview = FakeJobManager.overview(job(FORMER, "words", "RUNNING"));
        try (FakeJobManager jobManager = FakeJobManager.answering(exchange -> {
                    awaitQuietly(allAsk);
                    overview.answer(exchange);
                });
                FakeProxy proxy = FakeProxy.answering(this::answer);
                TestClient client = TestClient.of(
                        options -> options.jobManager(jobManager.address())
                                .eventLoopThreads(3)
                                .requestTimeout(SOON),
                        proxy.address())) {
            List<CompletableFuture<?>> callers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                callers.add(counts(client).get("key" + i));
            }
            allAsk.countDown();

            assertThat(CompletableFuture.allOf(callers.toArray(CompletableFuture[]::new)))
                    .succeedsWithin(SOON);
            assertThat(jobManager.requests()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldFindTheJobAgain_whenItComesBackUnderAnotherId(int version) throws Exception {
        try (FakeJobManager jobManager = FakeJobManager.listing(job(FORMER, "words", "RUNNING"));
                FakeProxy one = FakeProxy.version(version, this::answer);
                FakeProxy two = FakeProxy.version(version, this::answer);
                TestClient client = TestClient.of(askingFor(jobManager), one.address(), two.address())) {
            assertThat(counts(client).get("a")).succeedsWithin(SOON).isEqualTo(Optional.of(5L));

            running = LATTER;
            jobManager.nowLists(job(FORMER, "words", "CANCELED"), job(LATTER, "words", "RUNNING"));

            assertThat(counts(client).get("a")).succeedsWithin(SOON).isEqualTo(Optional.of(5L));
            assertThat(jobManager.requests()).isEqualTo(2);
        }
    }

    @Test
    void shouldFindTheJobAgain_whenAProxyIsDownMeanwhile() throws Exception {
        int nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = free.getLocalPort();
        }
        try (FakeJobManager jobManager = FakeJobManager.listing(job(FORMER, "words", "RUNNING"));
                FakeProxy proxy = FakeProxy.answering(this::answer);
                TestClient client = TestClient.of(
                        options -> options.jobManager(jobManager.address())
                                .proxy("127.0.0.1", nobody)
                                .requestTimeout(SOON),
                        proxy.address())) {
            assertThat(counts(client).get("a")).succeedsWithin(SOON).isEqualTo(Optional.of(5L));

            running = LATTER;
            jobManager.nowLists(job(LATTER, "words", "RUNNING"));

            assertThat(counts(client).get("a")).succeedsWithin(SOON).isEqualTo(Optional.of(5L));
        }
    }

    @Test
    void shouldLookTheNameUpOnceMoreAndFail_whenTheIdIsStillUnknown() throws Exception {
        running = LATTER;
        try (FakeJobManager jobManager = FakeJobManager.listing(job(FORMER, "words", "RUNNING"));
                FakeProxy proxy = FakeProxy.answering(this::answer);
                TestClient client = TestClient.of(askingFor(jobManager), proxy.address())) {
            assertThat(failureOf(counts(client).get("a")).code()).isEqualTo(ErrorCode.UNKNOWN_JOB);

            assertThat(jobManager.requests()).isEqualTo(2);
            assertThat(proxy.requests()).isEqualTo(1);
        }
    }

    @Test
    void shouldAskTheJobManagerOnce_whenManyCallersHaveADeadId() throws Exception {
        try (FakeJobManager jobManager = FakeJobManager.listing(job(FORMER, "words", "RUNNING"));
                FakeProxy proxy = FakeProxy.answering(this::answer);
                TestClient client = TestClient.of(askingFor(jobManager), proxy.address())) {
            assertThat(counts(client).get("a")).succeedsWithin(SOON).isEqualTo(Optional.of(5L));

            running = LATTER;
            jobManager.nowLists(job(LATTER, "words", "RUNNING"));
            List<CompletableFuture<Optional<Long>>> callers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                callers.add(counts(client).get("key" + i));
            }

            assertThat(callers)
                    .allSatisfy(
                            caller -> assertThat(caller).succeedsWithin(SOON).isEqualTo(Optional.of(5L)));
            assertThat(jobManager.requests()).isEqualTo(2);
        }
    }

    @Test
    void shouldGoOnWithTheKnownId_whenTheJobManagerIsGone() throws Exception {
        FakeJobManager jobManager = FakeJobManager.listing(job(FORMER, "words", "RUNNING"));
        try (FakeProxy proxy = FakeProxy.answering(this::answer);
                TestClient client = TestClient.of(askingFor(jobManager), proxy.address())) {
            assertThat(counts(client).get("a")).succeedsWithin(SOON).isEqualTo(Optional.of(5L));
            jobManager.close();

            assertThat(counts(client).get("a")).succeedsWithin(SOON).isEqualTo(Optional.of(5L));
        }
    }

    @Test
    void shouldEndByTheDeadline_whenTheJobManagerDoesNotAnswer() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (FakeJobManager jobManager = FakeJobManager.answering(exchange -> awaitQuietly(end));
                FakeProxy proxy = FakeProxy.answering(this::answer);
                TestClient client = TestClient.of(
                        options -> options.jobManager(jobManager.address()).requestTimeout(Duration.ofSeconds(10)),
                        proxy.address())) {
            QueryableState<String, Long> patient = counts(client);

            QueryableStateException failure =
                    failureOf(patient.withTimeout(Duration.ofMillis(100)).get("a"));

            assertThat(failure.code()).isEqualTo(ErrorCode.LOOKUP_TIMED_OUT);
            assertThat(failure.text()).contains("words").contains("deadline exceeded");
            assertThat(proxy.requests()).isZero();
            end.countDown();
        }
    }

    @Test
    void shouldSendNothing_whenTheCallIsCancelledBeforeTheNameIsFound() throws Exception {
        CompletableFuture<JobId> found = new CompletableFuture<>();
        try (FakeProxy proxy = FakeProxy.answering(this::answer);
                TestClient client =
                        TestClient.of(options -> options.jobDirectory((name, timeout) -> found), proxy.address())) {
            CompletableFuture<Optional<Long>> cancelled = counts(client).get("a");
            CompletableFuture<Optional<Long>> other = counts(client).get("b");
            cancelled.cancel(true);
            found.complete(FORMER);

            assertThat(other).succeedsWithin(SOON).isEqualTo(Optional.of(5L));
            assertThat(proxy.requests()).isEqualTo(1);
        }
    }

    @Test
    void shouldFailAsClosed_whenTheClientClosesBeforeTheNameIsFound() throws Exception {
        try (FakeProxy proxy = FakeProxy.answering(this::answer);
                TestClient client = TestClient.of(
                        options -> options.jobDirectory((name, timeout) -> new CompletableFuture<>()),
                        proxy.address())) {
            CompletableFuture<?> value = counts(client).get("a");
            CompletableFuture<?> id = client.client.jobId(WORDS);
            client.client.closeAsync();

            assertThat(failureOf(value).code()).isEqualTo(ErrorCode.CLIENT_CLOSED);
            assertThat(failureOf(id).code()).isEqualTo(ErrorCode.CLIENT_CLOSED);
        }
    }

    @Test
    void shouldCompleteOnCallbackThreads_whenTheIdIsAskedFor() throws Exception {
        CompletableFuture<JobId> found = new CompletableFuture<>();
        try (TestClient client = TestClient.of(
                options -> options.jobDirectory((name, timeout) -> found).proxy("127.0.0.1", 1))) {
            CompletableFuture<String> thread = client.client.jobId(WORDS).thenApply(id -> Thread.currentThread()
                    .getName());
            found.complete(FORMER);

            assertThat(thread.get(20, TimeUnit.SECONDS)).startsWith("qs-client-");
        }
    }

    @Test
    void shouldSayWhatIsMissing_whenTheClientHasNoJobManager() {
        try (TestClient client = TestClient.of(options -> options.proxy("127.0.0.1", 1))) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> counts(client))
                    .withMessageContaining("words")
                    .withMessageContaining("job manager");
        }
    }

    @Test
    void shouldRefuseAName_whenItIsEmpty() {
        assertThatIllegalArgumentException().isThrownBy(() -> JobName.of(""));
    }

    private static void awaitQuietly(CountDownLatch latch) throws IOException {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
