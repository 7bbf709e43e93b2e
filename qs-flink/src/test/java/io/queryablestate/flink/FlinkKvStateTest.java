package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.QueryableStateException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.MapSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.queryablestate.client.state.serialization.KvStateSerializer;
import org.apache.flink.runtime.query.KvStateEntry;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FlinkKvStateTest {

    private static final byte[] VALUE = {1, 2, 3};

    private final URLClassLoader userClasses = new URLClassLoader(new URL[0]);
    private final ClassLoader ofTest = Thread.currentThread().getContextClassLoader();

    @AfterEach
    void close() throws IOException {
        userClasses.close();
    }

    @Test
    void shouldReadWithTheUsersClassLoaderAndPutTheOldOneBack() throws Exception {
        AtomicReference<ClassLoader> seen = new AtomicReference<>();
        FlinkKvState<?, ?, ?> state = state(FakeState.answering(() -> {
            seen.set(Thread.currentThread().getContextClassLoader());
            return VALUE;
        }));

        assertThat(state.read(key("a"), bytes -> {})).isEqualTo(VALUE);
        assertThat(seen).hasValue(userClasses);
        assertThat(Thread.currentThread().getContextClassLoader()).isEqualTo(ofTest);
    }

    @Test
    void shouldPutTheOldClassLoaderBack_whenReadingFails() throws Exception {
        FlinkKvState<?, ?, ?> state = state(FakeState.answering(() -> {
            throw new NoClassDefFoundError("a user's");
        }));

        assertThatThrownBy(() -> state.read(key("a"), bytes -> {})).isInstanceOf(NoClassDefFoundError.class);
        assertThat(Thread.currentThread().getContextClassLoader()).isEqualTo(ofTest);
    }

    @Test
    void shouldFailAsSerializerMismatch_whenTheBytesAreNoKey() {
        FlinkKvState<?, ?, ?> state = state(FakeState.answering(() -> {
            throw new IOException("whatever the backend makes of it");
        }));

        assertThatThrownBy(() -> state.read(new byte[] {2, 'a', 7, 0}, bytes -> {}))
                .isInstanceOfSatisfying(QueryableStateException.class, e -> assertThat(e.code())
                        .isEqualTo(ErrorCode.SERIALIZER_MISMATCH));
    }

    @Test
    void shouldNotEvenTry_whenAStringAnnouncesMoreThanIsThere() {
        AtomicBoolean tried = new AtomicBoolean();
        FlinkKvState<?, ?, ?> state = state(FakeState.answering(() -> {
            tried.set(true);
            return VALUE;
        }));

        assertThatThrownBy(() -> state.read(new byte[] {-1, -1, -1, 127}, bytes -> {}))
                .isInstanceOfSatisfying(QueryableStateException.class, e -> assertThat(e.code())
                        .isEqualTo(ErrorCode.SERIALIZER_MISMATCH));
        assertThat(tried).isFalse();
    }

    @Test
    void shouldPassTheFailureOn_whenTheKeyIsGood() {
        IOException broken = new IOException("the state is broken");
        FlinkKvState<?, ?, ?> state = state(FakeState.answering(() -> {
            throw broken;
        }));

        assertThatThrownBy(() -> state.read(key("a"), bytes -> {})).isSameAs(broken);
    }

    @Test
    void shouldStopWritingAMap_whenTheReadIsOver() {
        Map<String, Long> large = new TreeMap<>();
        for (long n = 0; n < 1_000; n++) {
            large.put("entry " + n, n);
        }
        AtomicLong written = new AtomicLong();
        FakeState<Map<String, Long>> map =
                new FakeState<>(new MapSerializer<>(StringSerializer.INSTANCE, LongSerializer.INSTANCE), serializer -> {
                    MapSerializer<String, Long> used = (MapSerializer<String, Long>) serializer;
                    return KvStateSerializer.serializeMap(
                            large.entrySet(), used.getKeySerializer(), used.getValueSerializer());
                });

        assertThatThrownBy(() -> state(map).read(key("a"), bytes -> {
                    written.set(bytes);
                    if (bytes > 100) {
                        throw new QueryableStateException(ErrorCode.FRAME_TOO_LARGE, "enough");
                    }
                }))
                .isInstanceOfSatisfying(
                        QueryableStateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FRAME_TOO_LARGE));
        assertThat(written.get()).isBetween(101L, 150L);
    }

    @Test
    void shouldStopWritingAList_whenTheReadIsOver() {
        FakeState<List<Long>> list = new FakeState<>(new ListSerializer<>(LongSerializer.INSTANCE), serializer -> {
            DataOutputSerializer out = new DataOutputSerializer(8);
            ((ListSerializer<Long>) serializer).getElementSerializer().serialize(1L, out);
            return out.getCopyOfBuffer();
        });

        assertThatThrownBy(() -> state(list).read(key("a"), bytes -> {
                    throw new QueryableStateException(ErrorCode.DEADLINE_EXCEEDED, "late");
                }))
                .isInstanceOfSatisfying(QueryableStateException.class, e -> assertThat(e.code())
                        .isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
    }

    private FlinkKvState<?, ?, ?> state(FakeState<?> state) {
        try {
            KeyCheck check = KeyCheck.of(StringSerializer.INSTANCE, VoidNamespaceSerializer.INSTANCE);
            return FlinkKvState.of(new KvStateEntry<>(state, userClasses), check);
        } catch (UncheckedKeyException e) {
            throw new AssertionError("strings can be checked", e);
        }
    }

    static byte[] key(String key) throws IOException {
        return KvStateSerializer.serializeKeyAndNamespace(
                key, StringSerializer.INSTANCE, VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE);
    }
}
