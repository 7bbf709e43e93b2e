package io.queryablestate.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Against vectors that Flink's {@code KeyGroupRangeAssignment} computed, see {@code key-groups.csv}. */
class KeyGroupsTest {

    private static final int[] MAX_PARALLELISMS = {1, 2, 3, 7, 128, 100, 4096, 32768};

    static List<int[]> hashes() {
        return vectors("hash");
    }

    static List<int[]> ranges() {
        return vectors("range");
    }

    static List<int[]> owners() {
        return vectors("owner");
    }

    @ParameterizedTest
    @MethodSource("hashes")
    void shouldComputeFlinksKeyGroup(int... vector) {
        for (int i = 0; i < MAX_PARALLELISMS.length; i++) {
            assertThat(KeyGroups.of(vector[0], MAX_PARALLELISMS[i])).isEqualTo(vector[1 + i]);
        }
    }

    @ParameterizedTest
    @MethodSource("ranges")
    void shouldComputeFlinksRange(int... vector) {
        assertThat(KeyGroups.rangeOf(vector[0], vector[1], vector[2]))
                .isEqualTo(new KeyGroupRange(vector[3], vector[4]));
    }

    @ParameterizedTest
    @MethodSource("owners")
    void shouldComputeFlinksSubtask(int... vector) {
        assertThat(KeyGroups.subtaskOf(vector[0], vector[1], vector[2])).isEqualTo(vector[3]);
    }

    @Test
    void shouldCoverEveryKeyGroupOnce_whenRangesOfAllSubtasksAreJoined() {
        int next = 0;
        for (int subtask = 0; subtask < 7; subtask++) {
            KeyGroupRange range = KeyGroups.rangeOf(128, 7, subtask);
            assertThat(range.start()).isEqualTo(next);
            next = range.end() + 1;
        }
        assertThat(next).isEqualTo(128);
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 0", "32769, 1, 0", "-1, 1, 0", "4, 5, 0", "4, 0, 0", "4, 2, 2", "4, 2, -1"})
    void shouldRefuse_whenThereIsNoSuchSubtask(int maxParallelism, int parallelism, int subtask) {
        assertThatIllegalArgumentException().isThrownBy(() -> KeyGroups.rangeOf(maxParallelism, parallelism, subtask));
    }

    private static List<int[]> vectors(String kind) {
        try (InputStream in = Objects.requireNonNull(KeyGroupsTest.class.getResourceAsStream("key-groups.csv"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(kind + ","))
                    .map(line -> Arrays.stream(line.split(","))
                            .skip(1)
                            .mapToInt(Integer::parseInt)
                            .toArray())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
