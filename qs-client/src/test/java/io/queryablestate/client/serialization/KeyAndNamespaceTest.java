package io.queryablestate.client.serialization;

import static io.queryablestate.client.serialization.MismatchAssert.assertMismatch;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.queryablestate.client.VoidNamespaceSerializer;
import org.apache.flink.queryablestate.client.state.serialization.KvStateSerializer;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow.Serializer;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;

class KeyAndNamespaceTest {

    private static final HexFormat HEX = HexFormat.of();

    @Test
    void shouldEndInTheVoidNamespace_whenNoneIsGiven() {
        assertThat(HEX.formatHex(KeyAndNamespace.serialize(Serializers.INT, 7))).isEqualTo("00000007" + "2a" + "00");
    }

    @Test
    void shouldWriteTheBytesOfFlink_whenNotInAWindow() throws IOException {
        for (String key : SampleValues.strings()) {
            if (key != null) {
                byte[] expected = KvStateSerializer.serializeKeyAndNamespace(
                        key,
                        StringSerializer.INSTANCE,
                        org.apache.flink.queryablestate.client.VoidNamespace.INSTANCE,
                        VoidNamespaceSerializer.INSTANCE);
                assertThat(KeyAndNamespace.serialize(Serializers.STRING, key)).isEqualTo(expected);
                assertThat(KeyAndNamespace.deserialize(Serializers.STRING, Serializers.VOID_NAMESPACE, expected))
                        .isEqualTo(new KeyAndNamespace<>(key, VoidNamespace.INSTANCE));
            }
        }
    }

    @Test
    void shouldWriteTheBytesOfFlink_whenInAWindow() throws IOException {
        for (long key : SampleValues.longs()) {
            byte[] expected = KvStateSerializer.serializeKeyAndNamespace(
                    key,
                    LongSerializer.INSTANCE,
                    new org.apache.flink.streaming.api.windowing.windows.TimeWindow(key / 2, key),
                    new Serializer());
            TimeWindow window = new TimeWindow(key / 2, key);
            assertThat(KeyAndNamespace.serialize(Serializers.LONG, key, Serializers.TIME_WINDOW, window))
                    .isEqualTo(expected);
        }
    }

    @Test
    void shouldGiveBackKeyAndNamespace_whenReadAsWritten() {
        byte[] bytes = KeyAndNamespace.serialize(Serializers.LONG, Long.MAX_VALUE - 292, Serializers.STRING, "space");
        assertThat(KeyAndNamespace.deserialize(Serializers.LONG, Serializers.STRING, bytes))
                .isEqualTo(new KeyAndNamespace<>(Long.MAX_VALUE - 292, "space"));
    }

    @Test
    void shouldRefuse_whenEmpty() {
        assertRefused(new byte[0]).contains("0 bytes", "key of type long", "8 bytes expected, 0 are left");
    }

    @Test
    void shouldRefuse_whenOnlyOneByte() {
        assertRefused(new byte[1]).contains("8 bytes expected, 1 are left");
    }

    @Test
    void shouldRefuse_whenTheNamespaceIsMissing() {
        byte[] bytes = KeyAndNamespace.serialize(Serializers.LONG, 1L);
        assertRefused(Arrays.copyOf(bytes, bytes.length - 1)).contains("1 bytes expected, 0 are left");
    }

    @Test
    void shouldRefuse_whenOneByteIsTooMany() {
        byte[] bytes = KeyAndNamespace.serialize(Serializers.LONG, 1L);
        assertRefused(Arrays.copyOf(bytes, bytes.length + 1)).contains("11 bytes", "1 bytes are left behind it");
    }

    @Test
    void shouldRefuse_whenTwoBytesAreTooMany() {
        byte[] bytes = KeyAndNamespace.serialize(Serializers.LONG, 1L);
        assertRefused(Arrays.copyOf(bytes, bytes.length + 2)).contains("2 bytes are left behind it");
    }

    @Test
    void shouldRefuse_whenTheSeparatorIsAnother() {
        byte[] bytes = KeyAndNamespace.serialize(Serializers.LONG, 1L);
        bytes[8] = 43;
        assertRefused(bytes).contains("the byte after a key is 42, got 43");
    }

    @Test
    void shouldRefuse_whenTheKeyIsNull() {
        byte[] nullKey = {0, 42, 0};
        assertMismatch(() -> KeyAndNamespace.deserialize(Serializers.STRING, Serializers.VOID_NAMESPACE, nullKey))
                .contains("a key is never null");
    }

    @Test
    void shouldFailAsMismatch_whenTheKeyCannotBeWritten() {
        KeySerializer<String> failing = Serializers.customKey(
                "failing",
                (value, out) -> {
                    throw new IllegalStateException("no bytes for " + value.length());
                },
                in -> "",
                String::hashCode);
        assertMismatch(() -> KeyAndNamespace.serialize(failing, "four"))
                .contains("cannot write a key of type failing", "no bytes for 4");
    }

    private static AbstractStringAssert<?> assertRefused(byte[] bytes) {
        return assertMismatch(() -> KeyAndNamespace.deserialize(Serializers.LONG, Serializers.VOID_NAMESPACE, bytes));
    }
}
