package io.queryablestate.flinkdemo;

import static org.assertj.core.api.Assertions.assertThat;

import io.queryablestate.client.QueryableState;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.client.serialization.ValueStateDescriptor;
import io.queryablestate.embedded.EmbeddedCluster;
import io.queryablestate.embedded.EmbeddedJob;
import io.queryablestate.embedded.EmbeddedState;
import io.queryablestate.messages.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckedCountsTest {

    private static final ValueStateDescriptor<Long> VALUES = StateDescriptor.value(Serializers.LONG);

    private EmbeddedCluster cluster;
    private QueryableStateClient client;
    private EmbeddedState<String, Long> job;
    private CheckedCounts counts;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        cluster = EmbeddedCluster.builder().taskManagers(1).start();
        EmbeddedJob embedded = cluster.startJob("words", 1, 128);
        job = embedded.addState(CountedJob.STATE, Serializers.STRING, VALUES);
        client = QueryableStateClient.builder()
                .proxy(cluster.proxyAddresses().get(0))
                .build();
        QueryableState<String, Long> state =
                client.state(embedded.jobId(), CountedJob.STATE, Serializers.STRING, VALUES);
        CountedText text = CountedText.read(Files.writeString(directory.resolve("text"), "a b"));
        counts = new CheckedCounts(
                new CountedJob("words", embedded.jobId(), text, 200, 1_000_000, System.nanoTime()),
                state,
                Duration.ofSeconds(10));
    }

    @AfterEach
    void stop() {
        client.close();
        cluster.close();
    }

    @Test
    void shouldCountRightAnswers_whenCountsRise() {
        assertThat(answer("a", 1)).contains(1L);
        assertThat(answer("a", 100)).contains(100L);
        assertThat(counts.ask("never").join()).contains(0L);

        assertThat(counts.right()).isEqualTo(3);
        assertThat(counts.mistakes()).isEmpty();
    }

    @Test
    void shouldFindMistake_whenCountGoesBack() {
        answer("a", 5);
        answer("a", 4);

        assertThat(counts.mistakes()).singleElement().asString().contains("\"a\" was 4, not 5 to 100");
    }

    @Test
    void shouldFindMistake_whenCountIsMoreThanThereIsToCount() {
        answer("a", 101);

        assertThat(counts.mistakes()).singleElement().asString().contains("\"a\" was 101, not 0 to 100");
    }

    @Test
    void shouldLetCountGoBackToCheckpointOnly_whenJobMayBeRestored() {
        answer("a", 9);
        counts.mayBeRestored(Map.of("a", 5L));

        answer("a", 10);
        answer("a", 5);
        assertThat(counts.mistakes()).isEmpty();
        answer("a", 4);
        assertThat(counts.mistakes()).hasSize(1);
    }

    @Test
    void shouldFindMistake_whenCountGoesBackAfterJobIsRestored() {
        counts.mayBeRestored(Map.of("a", 5L));
        counts.isRestored();

        answer("a", 6);
        answer("a", 5);

        assertThat(counts.mistakes()).singleElement().asString().contains("\"a\" was 5, not 6 to 100");
    }

    @Test
    void shouldCountFailuresByCode_whenRequestsFail() {
        client.close();

        assertThat(counts.ask("a").join()).isEmpty();

        assertThat(counts.failures()).containsExactly(Map.entry(ErrorCode.CLIENT_CLOSED, 1L));
        assertThat(counts.mistakes()).isEmpty();
    }

    private Optional<Long> answer(String word, long count) {
        job.put(word, count);
        return counts.ask(word).join();
    }
}
