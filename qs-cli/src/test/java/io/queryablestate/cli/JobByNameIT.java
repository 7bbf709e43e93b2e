package io.queryablestate.cli;

import static io.queryablestate.cli.CommandRun.qs;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.queryablestate.embedded.EmbeddedJob;
import io.queryablestate.messages.JobId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Jobs that are given by the names that a job manager lists, which here are not those of the catalogue. */
@Timeout(60)
class JobByNameIT {

    private static final String NAME = "as the job manager calls it";

    private TestCluster test;
    private HttpServer jobManager;
    private volatile String overview = "{\"jobs\":[]}";

    @BeforeEach
    void start() throws IOException {
        test = TestCluster.start();
        jobManager = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        jobManager.createContext("/v1/jobs/overview", exchange -> {
            byte[] body = overview.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        jobManager.start();
    }

    @AfterEach
    void stop() {
        jobManager.stop(0);
        test.close();
    }

    private void list(EmbeddedJob... jobs) {
        overview = Stream.of(jobs)
                .map(job -> "{\"jid\":\"" + job.jobId() + "\",\"name\":\"" + NAME + "\",\"state\":\"RUNNING\"}")
                .collect(Collectors.joining(",", "{\"jobs\":[", "]}"));
    }

    private CommandRun get(String job, String... more) {
        String[] args = {"--job-manager", "127.0.0.1:" + jobManager.getAddress().getPort()};
        return test.getFrom(
                job, "counts", Stream.concat(Stream.of(args), Stream.of(more)).toArray(String[]::new));
    }

    @Test
    void shouldFindTheJob_whenTheJobManagerListsIt() {
        list(test.job());

        assertThat(get(NAME, "k7")).isEqualTo(new CommandRun(0, List.of("7"), List.of()));
    }

    @Test
    void shouldFindTheJob_whenItsStateIsDescribedInFull() {
        list(test.job());

        assertThat(get(NAME, "--kind", "VALUE", "--key-type", "string", "--value-type", "long", "k7"))
                .isEqualTo(new CommandRun(0, List.of("7"), List.of()));
    }

    @Test
    void shouldTakeAnId_whenThereIsAJobManagerToo() {
        assertThat(get(test.job().jobId().toString(), "k7").out()).containsExactly("7");
    }

    @Test
    void shouldFail_whenTheJobManagerDoesNotListTheName() {
        CommandRun run = get("words", "k7");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).containsExactly("\\failed UNKNOWN_JOB");
        assertThat(run.err())
                .singleElement()
                .asString()
                .startsWith("error UNKNOWN_JOB: ")
                .contains("words");
    }

    @Test
    void shouldNameTheIds_whenTwoJobsHaveTheName() {
        EmbeddedJob second = test.startJob("second");
        list(test.job(), second);

        assertThat(get(NAME, "k7").err())
                .singleElement()
                .asString()
                .startsWith("error BAD_REQUEST: ")
                .contains(test.job().jobId().toString())
                .contains(second.jobId().toString());
    }

    @Test
    void shouldFail_whenTheJobManagerIsNotThere() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        CommandRun run = test.get("--job-manager", "127.0.0.1:" + port, "k7");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).singleElement().asString().startsWith("error CONNECTION_REFUSED: the job manager at ");
    }

    @Test
    void shouldExitWithTwo_whenTheAddressOfTheJobManagerIsNone() {
        CommandRun run = test.get("--job-manager", "ftp://somewhere", "k7");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).first().asString().contains("--job-manager").contains("ftp://somewhere");
    }

    @Test
    void shouldSayWhereNamesAreLookedUp_whenTheCatalogueDoesNotHaveTheName() {
        assertThat(test.getFrom("nowhere", "counts", "k7").err())
                .singleElement()
                .asString()
                .contains("--job-manager");
        assertThat(test.getFrom(JobId.random().toString(), "counts", "k7").err())
                .singleElement()
                .asString()
                .doesNotContain("--job-manager");
    }

    @Test
    void shouldExitWithTwo_whenTheNameIsEmpty() {
        assertThat(qs("get", "--proxy", test.proxies(), "--job", "", "--state", "counts", "k7")
                        .status())
                .isEqualTo(2);
    }
}
