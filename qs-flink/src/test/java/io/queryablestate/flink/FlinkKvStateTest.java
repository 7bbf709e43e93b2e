package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.QueryableStateException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
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
        FlinkKvState<?, ?, ?> state = state(new FakeState(() -> {
            seen.set(Thread.currentThread().getContextClassLoader());
            return VALUE;
        }));

        assertThat(state.read(key("a"), bytes -> {})).isEqualTo(VALUE);
        assertThat(seen).hasValue(userClasses);
        assertThat(Thread.currentThread().getContextClassLoader()).isEqualTo(ofTest);
    }

    @Test
    void shouldPutTheOldClassLoaderBack_whenReadingFails() throws Exception {
        FlinkKvState<?, ?, ?> state = state(new FakeState(() -> {
            throw new NoClassDefFoundError("a user's");
        }));

        assertThatThrownBy(() -> state.read(key("a"), bytes -> {})).isInstanceOf(NoClassDefFoundError.class);
        assertThat(Thread.currentThread().getContextClassLoader()).isEqualTo(ofTest);
    }

    @Test
    void shouldFailAsSerializerMismatch_whenTheBytesAreNoKey() {
        FlinkKvState<?, ?, ?> state = state(new FakeState(() -> {
            throw new IOException("whatever the backend makes of it");
        }));

        assertThatThrownBy(() -> state.read(new byte[] {42, 42}, bytes -> {}))
                .isInstanceOfSatisfying(QueryableStateException.class, e -> assertThat(e.code())
                        .isEqualTo(ErrorCode.SERIALIZER_MISMATCH));
    }

    @Test
    void shouldPassTheFailureOn_whenTheKeyIsGood() {
        IOException broken = new IOException("the state is broken");
        FlinkKvState<?, ?, ?> state = state(new FakeState(() -> {
            throw broken;
        }));

        assertThatThrownBy(() -> state.read(key("a"), bytes -> {})).isSameAs(broken);
    }

    private FlinkKvState<?, ?, ?> state(FakeState state) {
        return FlinkKvState.of(new KvStateEntry<>(state, userClasses));
    }

    static byte[] key(String key) throws IOException {
        return KvStateSerializer.serializeKeyAndNamespace(
                key, StringSerializer.INSTANCE, VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE);
    }
}
