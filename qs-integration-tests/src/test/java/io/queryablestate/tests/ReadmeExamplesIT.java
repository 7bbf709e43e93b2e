package io.queryablestate.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.queryablestate.client.QueryableState;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.embedded.EmbeddedCluster;
import io.queryablestate.embedded.EmbeddedJob;
import io.queryablestate.embedded.EmbeddedState;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.ServerAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The README's examples: compiled, run, and word for word the ones in the README. */
class ReadmeExamplesIT {

    @Test
    void shouldPrintTheCount_whenTheFirstExampleRuns() throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.builder().taskManagers(2).start()) {
            EmbeddedJob job = cluster.startJob("word-count", 2, 128);
            job.addState("word-counts", Serializers.STRING, StateDescriptor.value(Serializers.LONG))
                    .put("flink", 3L);
            String proxies = cluster.proxyAddresses().stream()
                    .map(ServerAddress::toString)
                    .collect(Collectors.joining(","));
            ByteArrayOutputStream printed = new ByteArrayOutputStream();
            askForACount(job.jobId().toString(), proxies, new PrintStream(printed, true, StandardCharsets.UTF_8));
            assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualToIgnoringNewLines("flink: 3");
        }
    }

    private static void askForACount(String jobId, String proxies, PrintStream out) throws Exception {
        // example: client
        try (QueryableStateClient client =
                QueryableStateClient.builder().proxies(proxies).build()) {
            QueryableState<String, Long> counts = client.state(
                    JobId.parse(jobId), "word-counts", Serializers.STRING, StateDescriptor.value(Serializers.LONG));
            Optional<Long> count = counts.get("flink").get();
            out.println(count.isPresent() ? "flink: " + count.get() : "never seen");
        }
        // end
    }

    @Test
    void shouldHoldTheValue_whenTheClusterExampleRuns() throws Exception {
        // example: cluster
        try (EmbeddedCluster cluster = EmbeddedCluster.builder().taskManagers(2).start()) {
            EmbeddedJob job = cluster.startJob("shop", 2, 128);
            EmbeddedState<String, Long> stock =
                    job.addState("stock", Serializers.STRING, StateDescriptor.value(Serializers.LONG));
            stock.put("apples", 12L);
            // end
            assertThat(stock.get("apples")).contains(12L);
        }
    }

    @Test
    void shouldStandInTheReadme_whenAnExampleIsCompiledHere() throws IOException {
        Path project = projectDirectory();
        String readme = squeezed(Files.readString(project.resolve("README.md")));
        String source = Files.readString(
                project.resolve("qs-integration-tests/src/test/java/io/queryablestate/tests/ReadmeExamplesIT.java"));
        assertThat(readme)
                .contains(squeezed(example(source, "client"))
                        .replace("proxies(proxies)", "proxies(\"tm-1:9069,tm-2:9069\")")
                        .replace("out.println", "System.out.println"))
                .contains(squeezed(example(source, "cluster")));
    }

    private static String example(String source, String name) {
        int start = source.indexOf("// example: " + name + "\n");
        assertThat(start).isNotNegative();
        int begin = source.indexOf('\n', start);
        return source.substring(begin, source.indexOf("// end", begin));
    }

    private static String squeezed(String text) {
        return text.replaceAll("\\s+", "");
    }

    private static Path projectDirectory() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("README.md")) ? here : here.getParent();
    }
}
