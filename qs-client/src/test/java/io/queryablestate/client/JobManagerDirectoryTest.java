package io.queryablestate.client;

import static io.queryablestate.client.FakeJobManager.job;
import static io.queryablestate.client.TestClient.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.QueryableStateException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class JobManagerDirectoryTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final JobId FIRST = new JobId(1, 2);
    private static final JobId SECOND = new JobId(3, 4);
    private static final JobName WORDS = JobName.of("word count \"ä\"");
    private static final String ESCAPED = "word count \\\"\\u00e4\\\"";

    @Test
    void shouldFindTheJob_whenOneOfThatNameRuns() throws Exception {
        try (FakeJobManager jobManager =
                FakeJobManager.listing(job(FIRST, "other", "RUNNING"), job(SECOND, ESCAPED, "RUNNING"))) {
            assertThat(find(jobManager.address())).isEqualTo(SECOND);
            assertThat(find("http://" + jobManager.address())).isEqualTo(SECOND);
            assertThat(find("http://" + jobManager.address() + "/")).isEqualTo(SECOND);
        }
    }

    @Test
    void shouldAskBelowThePath_whenTheUrlHasOne() throws Exception {
        CompletableFuture<String> asked = new CompletableFuture<>();
        try (FakeJobManager jobManager = FakeJobManager.answering(exchange -> {
            asked.complete(exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(404, -1);
        })) {
            failureOf(directory("http://" + jobManager.address() + "/flink").find(WORDS, LONG));

            assertThat(asked.join()).isEqualTo("/flink/v1/jobs/overview");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INITIALIZING", "CREATED", "RESTARTING", "FAILING", "RECONCILING", "STATE_OF_TOMORROW"})
    void shouldFindTheJob_whenItMayRunAgain(String state) throws Exception {
        try (FakeJobManager jobManager = FakeJobManager.listing(job(FIRST, ESCAPED, state))) {
            assertThat(find(jobManager.address())).isEqualTo(FIRST);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"FINISHED", "CANCELED", "CANCELLING", "FAILED", "SUSPENDED"})
    void shouldPassOverJobs_whenTheyHaveEnded(String state) throws Exception {
        try (FakeJobManager jobManager = FakeJobManager.listing(
                job(FIRST, ESCAPED, state), job(SECOND, ESCAPED, "RUNNING"), job(FIRST, ESCAPED, state))) {
            assertThat(find(jobManager.address())).isEqualTo(SECOND);

            jobManager.nowLists(job(FIRST, ESCAPED, state), job(SECOND, "other", "RUNNING"));
            QueryableStateException failure = failure(jobManager);
            assertThat(failure.code()).isEqualTo(ErrorCode.UNKNOWN_JOB);
            assertThat(failure.text()).contains(WORDS.name()).contains("other");
        }
    }

    @Test
    void shouldRefuseToChoose_whenTwoJobsOfTheNameRun() throws Exception {
        try (FakeJobManager jobManager =
                FakeJobManager.listing(job(FIRST, ESCAPED, "RUNNING"), job(SECOND, ESCAPED, "RUNNING"))) {
            QueryableStateException failure = failure(jobManager);

            assertThat(failure.code()).isEqualTo(ErrorCode.BAD_REQUEST);
            assertThat(failure.text()).contains(FIRST.toString()).contains(SECOND.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>Flink</html>",
                "[]",
                "{}",
                "{\"jobs\":{}}",
                "{\"jobs\":[1]}",
                "{\"jobs\":[{}]}",
                "{\"jobs\":[{\"jid\":\"xyz\",\"name\":\"a\",\"state\":\"RUNNING\"}]}",
                "{\"jobs\":[{\"jid\":7,\"name\":\"a\",\"state\":\"RUNNING\"}]}",
                "{\"jobs\":[",
                "{\"jobs\":[]} {}"
            })
    void shouldFailTyped_whenTheAnswerIsNoOverview(String body) throws Exception {
        try (FakeJobManager jobManager = FakeJobManager.answering(FakeJobManager.json(body))) {
            QueryableStateException failure = failure(jobManager);

            assertThat(failure.code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
            assertThat(failure.text()).contains(jobManager.address()).contains("overview of jobs");
        }
    }

    @Test
    void shouldFailTyped_whenTheAnswerIsNestedWithoutEnd() throws Exception {
        try (FakeJobManager jobManager =
                FakeJobManager.answering(FakeJobManager.json("{\"a\":" + "[".repeat(1_000_000)))) {
            assertThat(failure(jobManager).code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 400, 404, 500, 503})
    void shouldFailTyped_whenTheStatusIsAnError(int status) throws Exception {
        try (FakeJobManager jobManager = FakeJobManager.answering(FakeJobManager.status(status))) {
            QueryableStateException failure = failure(jobManager);

            assertThat(failure.code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
            assertThat(failure.text()).contains("HTTP status " + status);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void shouldNotFollow_whenItIsSentElsewhere(int status) throws Exception {
        try (FakeJobManager elsewhere = FakeJobManager.listing(job(FIRST, ESCAPED, "RUNNING"));
                FakeJobManager jobManager = FakeJobManager.answering(exchange -> {
                    exchange.getResponseHeaders()
                            .add("Location", "http://" + elsewhere.address() + "/v1/jobs/overview");
                    exchange.sendResponseHeaders(status, -1);
                })) {
            assertThat(failure(jobManager).code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
            assertThat(elsewhere.requests()).isZero();
        }
    }

    @Test
    void shouldReadNoFurtherThanTheLimit_whenTheAnswerHasNoEnd() throws Exception {
        CountDownLatch givenUp = new CountDownLatch(1);
        byte[] spaces = " ".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);
        try (FakeJobManager jobManager = FakeJobManager.answering(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try {
                while (true) {
                    exchange.getResponseBody().write(spaces);
                }
            } catch (IOException e) {
                givenUp.countDown();
                throw e;
            }
        })) {
            assertThat(failure(jobManager).code()).isEqualTo(ErrorCode.FRAME_TOO_LARGE);
            assertThat(givenUp.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void shouldFailTyped_whenNobodyListens() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        QueryableStateException failure =
                failureOf(directory("127.0.0.1:" + port).find(WORDS, LONG));

        assertThat(failure.code()).isEqualTo(ErrorCode.CONNECTION_REFUSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 ", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"})
    void shouldGiveUp_whenTheAnswerDoesNotEndInTime(String begun) throws Exception {
        try (RawServer server = new RawServer(begun)) {
            NamedJob job = new NamedJob(WORDS, directory(server.address()), Duration.ofMillis(300), System::nanoTime);
            ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
            try {
                assertThat(failureOf(job.find(timer)).code()).isEqualTo(ErrorCode.LOOKUP_TIMED_OUT);
                assertThat(server.wasHungUpOn.get(20, TimeUnit.SECONDS)).isTrue();
            } finally {
                timer.shutdownNow();
            }
        }
    }

    @Test
    void shouldFailTyped_whenThePeerSpeaksAnotherProtocol() throws Exception {
        try (RawServer server = new RawServer("SSH-2.0 hello\r\n\r\n")) {
            QueryableStateException failure =
                    failureOf(directory(server.address()).find(WORDS, LONG));

            assertThat(failure.code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
        }
    }

    @Test
    void shouldCloseTheConnection_whenNobodyWaitsForTheAnswerAnyMore() throws Exception {
        try (RawServer server = new RawServer("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"jobs\":")) {
            CompletableFuture<JobId> found = directory(server.address()).find(WORDS, LONG);
            server.hasAnswered.await();

            found.cancel(true);

            assertThat(server.wasHungUpOn.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":8081",
                "http://",
                "ftp://host:21",
                "host:99999",
                "http://user:secret@host:8081",
                "http://host/?a=b",
                "http://host/#a",
                "http://ho st",
                "file:///etc/passwd"
            })
    void shouldRefuseAnAddress_whenItIsNone(String address) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QueryableStateClient.builder().jobManager(address));
    }

    private static JobManagerDirectory directory(String address) {
        return new JobManagerDirectory(address);
    }

    private static JobId find(String address) throws Exception {
        return directory(address).find(WORDS, LONG).get(20, TimeUnit.SECONDS);
    }

    private static QueryableStateException failure(FakeJobManager jobManager) throws Exception {
        return failureOf(directory(jobManager.address()).find(WORDS, LONG));
    }

    /** Answers the first request with some bytes, and then waits for the end of the connection. */
    private static final class RawServer implements AutoCloseable {

        private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final CountDownLatch hasAnswered = new CountDownLatch(1);
        private final CompletableFuture<Boolean> wasHungUpOn;

        RawServer(String answer) throws IOException {
            wasHungUpOn = CompletableFuture.supplyAsync(() -> serve(answer));
        }

        private boolean serve(String answer) {
            try (Socket socket = listener.accept()) {
                InputStream in = socket.getInputStream();
                in.readNBytes("GET /v1/jobs/overview".length());
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                hasAnswered.countDown();
                in.readAllBytes();
                return true;
            } catch (IOException e) {
                return true;
            }
        }

        String address() {
            return "127.0.0.1:" + listener.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
