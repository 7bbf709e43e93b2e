package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StringKeysTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 125, 126, 127, 128, 16_382, 16_383, 16_384, 60_000})
    void shouldTakeWhatFlinkWrites(int length) throws IOException {
        assertThat(StringKeys.canBeComplete(written("x".repeat(length)))).isTrue();
        assertThat(StringKeys.canBeComplete(written("\u20ac".repeat(length)))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 125, 126, 127, 128, 16_382, 16_383, 16_384, 60_000})
    void shouldRefuseAString_whenItsLastCharacterIsMissing(int length) throws IOException {
        byte[] whole = written("x".repeat(length));
        byte[] cut = Arrays.copyOf(whole, whole.length - 1);

        assertThat(StringKeys.canBeComplete(cut)).isFalse();
    }

    @Test
    void shouldRefuseALengthThatNothingFollows() {
        assertThat(StringKeys.canBeComplete(new byte[] {-1, -1, -1, 127})).isFalse();
        assertThat(StringKeys.canBeComplete(new byte[] {-1, -1, -1, -1, 127})).isFalse();
        assertThat(StringKeys.canBeComplete(new byte[] {-1, -1, -1, -1, -1, -1, -1}))
                .isFalse();
        assertThat(StringKeys.canBeComplete(new byte[] {-1})).isFalse();
        assertThat(StringKeys.canBeComplete(new byte[0])).isFalse();
    }

    private static byte[] written(String string) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        StringSerializer.INSTANCE.serialize(string, out);
        return out.getCopyOfBuffer();
    }
}
