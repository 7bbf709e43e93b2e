package io.queryablestate.messages;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorCodeTest {

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void shouldComeBackFromItsNumber(ErrorCode code) {
        assertThat(ErrorCode.ofNumber(code.number())).isSameAs(code);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 7, 15, 20, 31, 42, 65_535})
    void shouldBeStateFailed_whenNumberIsOfALaterVersion(int number) {
        assertThat(ErrorCode.ofNumber(number)).isSameAs(ErrorCode.STATE_FAILED);
    }

    @ParameterizedTest
    @EnumSource(MessageType.class)
    void shouldFindMessageTypeByItsNumber(MessageType type) {
        assertThat(MessageType.ofNumber(type.number())).isSameAs(type);
    }

    @Test
    void shouldKnowNoMessageType_whenNumberIsOutOfRange() {
        assertThat(MessageType.ofNumber(0)).isNull();
        assertThat(MessageType.ofNumber(-1)).isNull();
        assertThat(MessageType.ofNumber(MessageType.values().length + 1)).isNull();
        assertThat(MessageType.ofNumber(65_535)).isNull();
    }
}
