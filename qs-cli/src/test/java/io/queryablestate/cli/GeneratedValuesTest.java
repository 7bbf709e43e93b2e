package io.queryablestate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratedValuesTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 1000})
    void shouldBeRight_whenItIsTheValueOfTheKey(int length) {
        assertThat(GeneratedValues.of(5, length)).hasSize(length);
        assertThat(GeneratedValues.isRight(5, GeneratedValues.of(5, length))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 1000})
    void shouldBeWrong_whenItIsOfAnotherKeyOrTornOrCut(int length) {
        byte[] value = GeneratedValues.of(5, length);
        byte[] torn = value.clone();
        torn[length - 1] ^= 1;

        assertThat(GeneratedValues.isRight(6, value)).isFalse();
        assertThat(GeneratedValues.isRight(5, torn)).isFalse();
        assertThat(GeneratedValues.isRight(5, Arrays.copyOf(value, length - 1))).isFalse();
    }
}
