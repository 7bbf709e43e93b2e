package io.queryablestate.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortRangeTest {

    @Test
    void shouldKeepTheWrittenOrder_whenPortsAndRangesAreMixed() {
        assertThat(PortRange.parse(" 50102-50104, 9067,50100 - 50101 ").ports())
                .containsExactly(50102, 50103, 50104, 9067, 50100, 50101);
    }

    @Test
    void shouldTakeAnyPort_whenZero() {
        assertThat(PortRange.anyFree().ports()).containsExactly(0);
        assertThat(PortRange.anyFree()).hasToString("0");
    }

    @Test
    void shouldTakeTheLimits_whenInRange() {
        assertThat(PortRange.parse("0-65535").ports()).hasSize(65_536);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "9067,", "a", "1-", "-1", "1-2-3", "9.5", "99999999999"})
    void shouldSayWhatIsWrong_whenTextIsNoPort(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PortRange.parse(text))
                .withMessageContaining("\"" + text + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"65536", "1-65536"})
    void shouldRefuse_whenPortIsTooHigh(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PortRange.parse(text))
                .withMessageContaining("65536");
    }

    @Test
    void shouldRefuse_whenRangeRunsBackwards() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PortRange.parse("9070-9067"))
                .withMessageContaining("backwards");
    }
}
