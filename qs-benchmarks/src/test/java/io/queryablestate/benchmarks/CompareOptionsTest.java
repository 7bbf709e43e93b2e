package io.queryablestate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CompareOptionsTest {

    @Test
    void shouldRunAtLeastFiveRoundsAfter15Seconds_whenNothingIsAskedFor() {
        CompareOptions options = CompareOptions.parse("target", "out.md");

        assertThat(options).isEqualTo(new CompareOptions(false, Path.of("out.md"), Path.of("target")));
        assertThat(options.rounds()).isGreaterThanOrEqualTo(5);
        assertThat(options.warmUp()).isGreaterThanOrEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void shouldNeedUnderFiveMinutesForAllPeers_whenItIsToBeQuick() {
        CompareOptions options = CompareOptions.parse("target", "out.md", "--quick");

        int peers = PeerName.values().length;
        Duration measuring = options.measurement()
                .multipliedBy((long) options.rounds() * options.inFlight().size() * peers);
        assertThat(measuring.plus(options.warmUp().multipliedBy(peers))).isLessThan(Duration.ofMinutes(5));
    }

    @Test
    void shouldRefuse_whenAnOptionIsUnknown() {
        assertThatThrownBy(() -> CompareOptions.parse("target", "out.md", "--slow"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("usage")
                .hasMessageContaining("--slow");
    }
}
