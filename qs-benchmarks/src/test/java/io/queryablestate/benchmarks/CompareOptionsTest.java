package io.queryablestate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompareOptionsTest {

    @Test
    void shouldMeasureEverything_whenNothingIsAskedFor() {
        CompareOptions options = CompareOptions.parse("target", "docs");

        assertThat(options)
                .isEqualTo(new CompareOptions(
                        Path.of("target"),
                        Path.of("docs"),
                        false,
                        false,
                        EnumSet.allOf(Row.class),
                        EnumSet.allOf(PeerName.class)));
        assertThat(options.complete()).isTrue();
        assertThat(options.rounds()).isGreaterThanOrEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource
    void shouldWarmUpFor15Seconds_whenItIsTheFullRun(PeerName peer) {
        CompareOptions options = CompareOptions.parse("target", "docs");

        assertThat(options.warmUp(peer)).isGreaterThanOrEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void shouldNeedUnderFiveMinutesForAllPeers_whenItIsToBeQuick() {
        assertThat(measuring(CompareOptions.parse("target", "docs", "--quick"))).isLessThan(Duration.ofMinutes(5));
    }

    @Test
    void shouldNeedUnderHalfAnHourForAllPeers_whenItIsTheFullRun() {
        assertThat(measuring(CompareOptions.parse("target", "docs"))).isLessThan(Duration.ofMinutes(30));
    }

    private static Duration measuring(CompareOptions options) {
        Duration all = Duration.ZERO;
        for (PeerName peer : options.peers()) {
            all = all.plus(options.warmUp(peer))
                    .plus(options.measurement()
                            .multipliedBy((long) options.rounds()
                                    * options.rowsOf(peer).size()));
        }
        return all;
    }

    @Test
    void shouldMeasureOnlyWhatWasNamed_whenRowsAndPeersAreGiven() {
        CompareOptions options =
                CompareOptions.parse("target", "docs", "--rows", "one-hop-16,rate", "--peers", "redis,raw", "--quick");

        assertThat(options.rows()).containsExactly(Row.ONE_HOP_16, Row.RATE);
        assertThat(options.peers()).containsExactly(PeerName.REDIS, PeerName.RAW);
        assertThat(options.rowsOf(PeerName.REDIS)).containsExactly(Row.ONE_HOP_16);
        assertThat(options.complete()).isFalse();
        assertThat(options.commandLine())
                .isEqualTo("qs-benchmarks/compare.sh --quick --rows one-hop-16,rate --peers redis,raw");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--slow", "--rows", "--rows proxy-2", "--rows proxy-1,", "--peers nobody"})
    void shouldRefuse_whenAnArgumentIsUnknown(String arguments) {
        String[] given = ("target docs " + arguments).split(" ", -1);

        assertThatThrownBy(() -> CompareOptions.parse(given))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("usage: compare.sh")
                .hasMessageContaining(given[given.length - 1]);
    }

    @Test
    void shouldKnowTheSameNames_whenTheScriptChecksThemBeforeItBuilds() throws IOException {
        String script = Files.readString(Path.of("compare.sh"));

        assertThat(script)
                .contains("rows='" + Arrays.stream(Row.values()).map(Row::id).collect(Collectors.joining(" ")) + "'")
                .contains("peers='"
                        + Arrays.stream(PeerName.values()).map(PeerName::id).collect(Collectors.joining(" ")) + "'");
    }
}
