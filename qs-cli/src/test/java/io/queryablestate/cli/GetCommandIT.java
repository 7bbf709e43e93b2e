package io.queryablestate.cli;

import static io.queryablestate.cli.CommandRun.qs;
import static org.assertj.core.api.Assertions.assertThat;

import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.messages.JobId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GetCommandIT {

    private TestCluster test;

    @BeforeEach
    void startCluster() throws IOException {
        test = TestCluster.start();
    }

    @AfterEach
    void closeCluster() {
        test.close();
    }

    @Test
    void shouldPrintTheValue_whenTheKeyIsThere() {
        assertThat(test.get("k7")).isEqualTo(new CommandRun(0, List.of("7"), List.of()));
    }

    @Test
    void shouldExitWithThree_whenTheKeyIsAbsent() {
        assertThat(test.get("nobody")).isEqualTo(new CommandRun(3, List.of("\\absent"), List.of()));
    }

    @Test
    void shouldPrintOneLineAKeyInOrder_whenThereAreSeveral() {
        assertThat(test.get("k3", "k1", "k2", "k1").out()).containsExactly("3", "1", "2", "1");
    }

    @Test
    void shouldExitWithThree_whenOneOfSeveralIsAbsent() {
        assertThat(test.get("k3", "nobody", "k1"))
                .isEqualTo(new CommandRun(3, List.of("3", "\\absent", "1"), List.of()));
    }

    @Test
    void shouldExitWithOne_whenOneOfSeveralFails() {
        test.cluster().killTaskManager(1);
        String lost = test.keyOn(1);

        CommandRun run = test.get(
                "--kind", "VALUE", "--key-type", "string", "--value-type", "long", lost, "nobody", test.keyOn(0));

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).hasSize(3).first().asString().startsWith("\\failed CONNECTION_");
        assertThat(run.err()).anyMatch(line -> line.matches("error CONNECTION_\\w+: .* \\(key " + lost + "\\)"));
    }

    @Test
    void shouldPrintJson_whenAskedFor() {
        CommandRun run = test.get("--json", "k7", "no\"body");

        assertThat(run.out())
                .containsExactly(
                        "{\"key\":\"k7\",\"status\":\"found\",\"value\":7}",
                        "{\"key\":\"no\\\"body\",\"status\":\"absent\"}");
        assertThat(run.status()).isEqualTo(3);
    }

    @Test
    void shouldReportEachKeyAsFailedInJson_whenTheJobIsUnknown() {
        CommandRun run = test.getFrom("nowhere", "counts", "--json", "a", "b");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("{\"key\":\"a\",\"status\":\"failed\",\"code\":\"UNKNOWN_JOB\",\"error\":\"");
        assertThat(run.err())
                .singleElement()
                .asString()
                .startsWith("error UNKNOWN_JOB: ")
                .contains("words");
    }

    @Test
    void shouldTakeTheJobById_whenItIsGivenByOne() {
        assertThat(test.getFrom(test.job().jobId().toString(), "counts", "k4").out())
                .containsExactly("4");
    }

    @Test
    void shouldFail_whenTheIdIsUnknown() {
        CommandRun run = test.getFrom(JobId.random().toString(), "counts", "k4");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).singleElement().asString().startsWith("error UNKNOWN_JOB: ");
    }

    @Test
    void shouldNameTheIds_whenTwoJobsHaveTheName() {
        String second = test.startJob("words").jobId().toString();

        CommandRun run = test.get("k1");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .singleElement()
                .asString()
                .startsWith("error BAD_REQUEST: 2 jobs have the name")
                .contains(second, test.job().jobId().toString());
    }

    @Test
    void shouldNameTheStates_whenTheStateIsUnknown() {
        CommandRun run = test.getFrom("words", "sums", "k1");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .singleElement()
                .asString()
                .startsWith("error LOCATION_UNKNOWN: ")
                .contains("counts");
    }

    @Test
    void shouldFail_whenTheValueIsNotOfTheGivenType() {
        CommandRun run = test.get("--value-type", "int", "k1");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).singleElement().asString().startsWith("error SERIALIZER_MISMATCH: ");
    }

    @Test
    void shouldBeWrongUsage_whenATypeDoesNotExist() {
        assertThat(test.get("--value-type", "lnog", "k1").status()).isEqualTo(2);
        assertThat(test.get("--key-type", "bytes", "k1").err())
                .first()
                .asString()
                .startsWith("qs: --key-type: ");
    }

    @Test
    void shouldBeWrongUsage_whenAKeyIsNotOfItsType() {
        CommandRun run = test.get("--key-type", "long", "seven");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).first().asString().contains("\"seven\"", "long");
    }

    @Test
    void shouldBeWrongUsage_whenThereIsNoKey() {
        assertThat(test.get().status()).isEqualTo(2);
    }

    @Test
    void shouldTakeNegativeKeys_whenTheyComeAfterTwoDashes() {
        test.job()
                .addState("by-number", Serializers.INT, StateDescriptor.value(Serializers.STRING))
                .put(-5, "five\nless");

        assertThat(test.getFrom("words", "by-number", "--", "-5"))
                .isEqualTo(new CommandRun(0, List.of("five\\nless"), List.of()));
    }

    @Test
    void shouldReadListsAndMaps_whenTheCatalogueSaysSo() {
        test.job()
                .addState("list", Serializers.STRING, StateDescriptor.list(Serializers.LONG))
                .put("a", List.of(1L, 2L));
        test.job()
                .addState("map", Serializers.STRING, StateDescriptor.map(Serializers.STRING, Serializers.LONG))
                .put("a", Map.of("x", 1L));

        assertThat(test.getFrom("words", "list", "a").out()).containsExactly("[1,2]");
        assertThat(test.getFrom("words", "map", "a").out()).containsExactly("{\"x\":1}");
    }

    @Test
    void shouldFailWithItsCode_whenNobodyListensAtTheProxy() {
        CommandRun run = qs("get", "--proxy", "127.0.0.1:1", "--job", "words", "--state", "counts", "k1");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).containsExactly("\\failed CONNECTION_REFUSED");
        assertThat(run.err()).singleElement().asString().startsWith("error CONNECTION_REFUSED: ");
    }

    @Test
    void shouldFailWithAnotherCode_whenTheProxyStaysSilent() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            CommandRun run = qs(
                    "get",
                    "--proxy",
                    "127.0.0.1:" + silent.getLocalPort(),
                    "--timeout",
                    "300",
                    "--job",
                    "words",
                    "--state",
                    "counts",
                    "k1");

            assertThat(run.status()).isEqualTo(1);
            assertThat(run.err()).singleElement().asString().startsWith("error HANDSHAKE_TIMEOUT: ");
        }
    }

    @Test
    void shouldBeAnswered_whenOneOfTheProxiesIsDown() {
        String all = test.proxies();
        test.cluster().killTaskManager(1);

        CommandRun run = qs("get", "--proxy", all, "--job", "words", "--state", "counts", test.keyOn(0));

        assertThat(run.status()).isZero();
    }
}
