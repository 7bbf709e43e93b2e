package io.queryablestate.cli;

import static io.queryablestate.cli.CommandRun.qs;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ClusterCommandIT {

    private static final Pattern READY =
            Pattern.compile("ready job=(\\p{XDigit}{32}) state=(\\S+) key=(\\w+) value=(\\w+) proxies=(\\S+)");

    @Test
    void shouldCountTheWordsOfAFile_whenGivenOne(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("text"), "To be, or not to be.");

        try (RunningCluster cluster = new RunningCluster("--task-managers", "3", "--input", file.toString())) {
            Matcher ready = cluster.ready();

            assertThat(ready.group(3)).isEqualTo("string");
            assertThat(ready.group(5).split(",")).hasSize(3);
            assertThat(qs(
                                    "get",
                                    "--proxy",
                                    ready.group(5),
                                    "--job",
                                    ready.group(1),
                                    "--state",
                                    ready.group(2),
                                    "to",
                                    "or")
                            .out())
                    .containsExactly("2", "1");
            assertThat(cluster.stop()).isZero();
        }
    }

    @Test
    void shouldHoldGeneratedValues_whenGivenKeys() throws IOException {
        try (RunningCluster cluster = new RunningCluster("--keys", "10", "--value-bytes", "5")) {
            Matcher ready = cluster.ready();

            assertThat(ready.group(3) + " " + ready.group(4)).isEqualTo("long bytes");
            CommandRun run =
                    qs("get", "--proxy", ready.group(5), "--job", ready.group(1), "--state", ready.group(2), "9", "10");
            assertThat(run.status()).isEqualTo(3);
            assertThat(run.out()).containsExactly(TextFormat.format(GeneratedValues.of(9, 5)), "\\absent");
        }
    }

    @Test
    void shouldFailWithAReason_whenThePortsAreTaken() throws IOException {
        try (RunningCluster first = new RunningCluster("--task-managers", "1")) {
            String proxy = first.ready().group(5);
            String port = proxy.substring(proxy.indexOf(':') + 1);

            CommandRun run = qs("cluster", "--proxy-ports", port);

            assertThat(run.status()).isEqualTo(1);
            assertThat(run.out()).isEmpty();
            assertThat(run.err())
                    .singleElement()
                    .asString()
                    .startsWith("error: ")
                    .contains(port);
        }
    }

    @Test
    void shouldFailWithAReason_whenTheFileIsNotThere() {
        CommandRun run = qs("cluster", "--input", "no-such-file");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).containsExactly("error: there is no file no-such-file");
    }

    @Test
    void shouldBeWrongUsage_whenOptionsDoNotFit() {
        assertThat(qs("cluster", "--input", "x", "--keys", "1").status()).isEqualTo(2);
        assertThat(qs("cluster", "--value-bytes", "1").status()).isEqualTo(2);
        assertThat(qs("cluster", "--keys", "1", "--value-bytes", "-1").status()).isEqualTo(2);
        assertThat(qs("cluster", "--task-managers", "0").status()).isEqualTo(2);
        assertThat(qs("cluster", "--proxy-ports", "9-1").status()).isEqualTo(2);
    }

    /** The command on a thread of its own, until it is interrupted, as a signal would do. */
    private static final class RunningCluster implements AutoCloseable {

        private final BufferedReader out;
        private final CompletableFuture<Integer> status = new CompletableFuture<>();
        private final Thread thread;

        RunningCluster(String... options) throws IOException {
            PipedWriter pipe = new PipedWriter();
            this.out = new BufferedReader(new PipedReader(pipe));
            String[] args = new String[options.length + 1];
            args[0] = "cluster";
            System.arraycopy(options, 0, args, 1, options.length);
            this.thread = new Thread(
                    () -> {
                        try (PrintWriter writer = new PrintWriter(pipe)) {
                            status.complete(Qs.run(new Console(writer, new PrintWriter(Writer.nullWriter())), args));
                        }
                    },
                    "qs-cluster-under-test");
            thread.start();
        }

        Matcher ready() throws IOException {
            Matcher ready = READY.matcher(out.readLine());
            assertThat(ready.matches()).isTrue();
            return ready;
        }

        int stop() throws IOException {
            close();
            assertThat(out.readLine()).as("another line").isNull();
            return status.join();
        }

        @Override
        public void close() {
            thread.interrupt();
            status.orTimeout(20, TimeUnit.SECONDS).join();
        }
    }
}
