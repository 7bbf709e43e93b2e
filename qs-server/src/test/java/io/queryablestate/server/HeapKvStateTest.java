package io.queryablestate.server;

import static io.queryablestate.server.TestRegistry.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HeapKvStateTest {

    private static final ReadContext UNCHECKED = bytesSoFar -> {};

    private final HeapKvState state = new HeapKvState();

    @Test
    void shouldReadWhatWasPut_whenAskedWithAnEqualKey() {
        state.put(bytes("key"), bytes("value"));
        assertThat(state.read(bytes("key"), UNCHECKED)).isEqualTo(bytes("value"));
        assertThat(state.get(bytes("key"))).isEqualTo(bytes("value"));
        assertThat(state.read(bytes("other"), UNCHECKED)).isNull();
    }

    @Test
    void shouldTellKeysApart_whenTheirHashesAreEqual() {
        // "Aa" and "BB" have equal hashes, and so has every sequence of them.
        List<byte[]> keys = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            StringBuilder key = new StringBuilder();
            for (int bit = 0; bit < 8; bit++) {
                key.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            keys.add(bytes(key.toString()));
            state.put(keys.get(i), new byte[] {(byte) i});
        }
        assertThat(state.size()).isEqualTo(256);
        for (int i = 0; i < 256; i++) {
            assertThat(state.get(keys.get(i))).containsExactly((byte) i);
        }
    }

    @Test
    void shouldReplaceOrRemove_whenUpdated() {
        state.update(bytes("key"), present -> present == null ? bytes("first") : bytes("wrong"));
        state.update(bytes("key"), present -> Objects.equals(text(present), "first") ? bytes("second") : null);
        assertThat(state.get(bytes("key"))).isEqualTo(bytes("second"));
        state.update(bytes("key"), present -> null);
        assertThat(state.get(bytes("key"))).isNull();
        assertThat(state.size()).isZero();
    }

    @Test
    void shouldKeepTheValue_whenAnUpdateThrows() {
        state.put(bytes("key"), bytes("value"));
        assertThatThrownBy(() -> state.update(bytes("key"), present -> {
                    throw new IllegalStateException("no");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(state.get(bytes("key"))).isEqualTo(bytes("value"));
    }

    @Test
    void shouldLoseNoUpdate_whenThreadsUpdateOneKey() throws InterruptedException {
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread writer = new Thread(() -> {
                for (int n = 0; n < 1_000; n++) {
                    state.update(bytes("sum"), present -> number(present == null ? 1 : number(present) + 1));
                }
            });
            writer.start();
            writers.add(writer);
        }
        for (Thread writer : writers) {
            writer.join(10_000);
        }
        assertThat(state.get(bytes("sum"))).isEqualTo(number(4_000));
    }

    @Test
    void shouldShowEveryEntry_whenIterated() {
        state.put(bytes("a"), bytes("1"));
        state.put(bytes("b"), bytes("2"));
        state.put(bytes("c"), bytes("3"));
        state.remove(bytes("b"));
        state.remove(bytes("none"));
        Map<String, String> shown = new HashMap<>();
        state.forEach((key, value) -> shown.put(text(key), text(value)));
        assertThat(shown).containsOnly(Map.entry("a", "1"), Map.entry("c", "3"));
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }

    private static int number(byte[] bytes) {
        return ByteBuffer.wrap(bytes).getInt();
    }
}
