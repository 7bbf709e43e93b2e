package io.queryablestate.cli;

import static io.queryablestate.cli.CommandRun.qs;
import static org.assertj.core.api.Assertions.assertThat;

import io.queryablestate.embedded.EmbeddedTaskManager;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ListCommandIT {

    private TestCluster test;
    private EmbeddedTaskManager first;
    private EmbeddedTaskManager second;

    @BeforeEach
    void startCluster() throws IOException {
        test = TestCluster.start();
        first = test.cluster().taskManagers().get(0);
        second = test.cluster().taskManagers().get(1);
    }

    @AfterEach
    void closeCluster() {
        test.close();
    }

    @Test
    void shouldShowStatesAndPlacement_whenAllProxiesAnswer() {
        CommandRun run = qs("list", "--proxy", test.proxies());

        assertThat(run.status()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("proxy " + first.proxyAddress() + " answered", "proxy " + second.proxyAddress() + " answered")
                .containsSubsequence(
                        "job " + test.job().jobId() + " words",
                        "  state counts kind=VALUE key=string value=long key-groups=128",
                        "    key groups 0-63 at " + first.serverAddress(),
                        "    key groups 64-127 at " + second.serverAddress());
    }

    @Test
    void shouldSayWhoIsDown_whenOneProxyDoesNotAnswer() {
        String all = test.proxies();
        test.cluster().killTaskManager(1);

        CommandRun run = qs("list", "--timeout", "1000", "--proxy", all);

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
                .contains(
                        "proxy " + first.proxyAddress() + " answered",
                        "job " + test.job().jobId() + " words")
                .anyMatch(line ->
                        line.startsWith("proxy " + second.proxyAddress() + " did not answer: error CONNECTION_"));
        assertThat(run.err())
                .singleElement()
                .asString()
                .startsWith("error CONNECTION_")
                .endsWith("(proxy " + second.proxyAddress() + ")");
    }

    @Test
    void shouldShowKeyGroupsWithoutServer_whenATaskManagerHasStopped() {
        test.cluster().stopTaskManager(1);

        assertThat(qs("list", "--proxy", first.proxyAddress().toString()).out())
                .contains("    key groups 64-127 at no server");
    }

    @Test
    void shouldPrintJson_whenAskedFor() {
        CommandRun run = qs("list", "--json", "--proxy", first.proxyAddress().toString());

        assertThat(run.out())
                .isEqualTo(List.of(
                        "{\"proxy\":\"" + first.proxyAddress() + "\",\"answered\":true}",
                        "{\"job\":\"" + test.job().jobId()
                                + "\",\"name\":\"words\",\"state\":\"counts\",\"kind\":\"VALUE\",\"key\":\"string\",\"value\":\"long\","
                                + "\"maxParallelism\":128,\"placement\":[{\"first\":0,\"last\":63,\"server\":\""
                                + first.serverAddress() + "\"},{\"first\":64,\"last\":127,\"server\":\""
                                + second.serverAddress() + "\"}]}"));
    }

    @Test
    void shouldSayThereIsNothing_whenNoJobRuns() {
        test.job().close();

        assertThat(qs("list", "--proxy", test.proxies()).out()).endsWith("no states");
    }
}
