package io.queryablestate.cli;

import static io.queryablestate.cli.CommandRun.qs;
import static org.assertj.core.api.Assertions.assertThat;

import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.embedded.EmbeddedJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BenchCommandIT {

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
    void shouldCheckGeneratedValues_whenTheyAreRight() {
        GeneratedJob.start(test.cluster(), 50, 100);

        CommandRun run = bench(GeneratedValues.JOB, GeneratedValues.STATE, "--keys", "50");

        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("absent      0", "wrong       0", "errors      0");
        assertThat(run.out()).anyMatch(line -> line.matches("latency     p50 .* p99 .* p99.9 .* max .*"));
        assertThat(run.out()).anyMatch(line -> line.matches("throughput  [\\d,]+ requests/s"));
        assertThat(run.err()).singleElement().asString().matches(" +1 s +[\\d,]+ requests/s  p99 .* ms  errors 0");
    }

    @Test
    void shouldExitWithOne_whenAGeneratedValueIsWrong() {
        EmbeddedJob job = test.cluster().startJob(GeneratedValues.JOB, 2, 128);
        job.addState(GeneratedValues.STATE, Serializers.LONG, StateDescriptor.value(Serializers.BYTES))
                .put(0L, GeneratedValues.of(1, 100));

        CommandRun run = bench(GeneratedValues.JOB, GeneratedValues.STATE, "--keys", "1");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).anyMatch(line -> line.matches("wrong       [1-9]\\d*"));
    }

    @Test
    void shouldTakeKeysFromArgumentsAndAFile_whenTheyHaveNoNumbers(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("keys"), "k1\nk2\n");

        CommandRun run = bench("words", "counts", "--key", "k0", "--key-file", file.toString());

        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("absent      0").anyMatch(line -> line.startsWith("wrong       not checked"));
    }

    @Test
    void shouldCountAbsentKeysAsAnswers_whenThereAreSome() {
        CommandRun run = bench("words", "counts", "--key", "nobody");

        assertThat(run.status()).isZero();
        assertThat(run.out()).anyMatch(line -> line.matches("absent      [1-9][\\d,]*"));
    }

    @Test
    void shouldExitWithOneAndCountByCode_whenRequestsFail() {
        String lost = test.keyOn(1);
        test.cluster().killTaskManager(1);

        CommandRun run = bench("words", "counts", "--key", lost);

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).anyMatch(line -> line.matches("errors      CONNECTION_\\w+ \\d+.*"));
    }

    @Test
    void shouldAskForWordsOfTheLicense_whenKeysAreStrings() throws IOException {
        WordCountJob.start(test.cluster()).count(InputText.read(null).words());

        CommandRun run = bench(WordCountJob.NAME, WordCountJob.STATE);

        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("absent      0");
    }

    @Test
    void shouldBeWrongUsage_whenStringsAreToBeNumbered() {
        assertThat(bench("words", "counts", "--keys", "3").status()).isEqualTo(2);
    }

    @Test
    void shouldBeWrongUsage_whenAnOptionIsOutOfItsRange() {
        assertThat(bench("words", "counts", "--concurrency", "0").status()).isEqualTo(2);
        assertThat(bench("words", "counts", "--keys", "0").status()).isEqualTo(2);
        assertThat(bench("words", "counts", "--timeout", "0").status()).isEqualTo(2);
    }

    private CommandRun bench(String job, String state, String... more) {
        List<String> args = new ArrayList<>(
                List.of("bench", "--proxy", test.proxies(), "--job", job, "--state", state, "--seconds", "1"));
        args.addAll(List.of(more));
        return qs(args.toArray(String[]::new));
    }
}
