package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.query.KvStateEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConcurrentKvStateTest {

    private final URLClassLoader userClasses = new URLClassLoader(new URL[0]);
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final Queue<TypeSerializer<Long>> used = new ConcurrentLinkedQueue<>();
    private final StatefulSerializer live = new StatefulSerializer();

    @AfterEach
    void close() throws IOException {
        threads.shutdownNow();
        userClasses.close();
    }

    @Test
    void shouldGiveReadsAtTheSameTimeSerializersOfTheirOwn() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        ConcurrentKvState state = state(serializer -> {
            used.add(serializer);
            together.await(10, TimeUnit.SECONDS);
            return new byte[0];
        });
        byte[] key = FlinkKvStateTest.key("a");

        Future<?> first = threads.submit(() -> state.read(key, bytes -> {}));
        state.read(key, bytes -> {});
        first.get(10, TimeUnit.SECONDS);

        assertThat(used).hasSize(2).doesNotHaveDuplicates().doesNotContain(live);
    }

    @Test
    void shouldUseTheSameSerializersAgain_whenOneReadFollowsAnother() throws Exception {
        ConcurrentKvState state = state(serializer -> {
            used.add(serializer);
            return new byte[0];
        });

        state.read(FlinkKvStateTest.key("a"), bytes -> {});
        state.read(FlinkKvStateTest.key("b"), bytes -> {});

        assertThat(used).hasSize(2);
        assertThat(used.poll()).isSameAs(used.poll());
    }

    @Test
    void shouldNotUseSerializersAgain_whenTheirReadHasFailed() throws Exception {
        ConcurrentKvState state = state(serializer -> {
            used.add(serializer);
            throw new IOException("the state is broken");
        });
        byte[] key = FlinkKvStateTest.key("a");

        assertThatThrownBy(() -> state.read(key, bytes -> {})).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> state.read(key, bytes -> {})).isInstanceOf(IOException.class);

        assertThat(used).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void shouldCopyTheJobsSerializersOnceOnTheThreadOfTheTask_andTheCopyWithTheUsersClasses() throws Exception {
        ConcurrentKvState state = state(serializer -> new byte[0]);
        byte[] key = FlinkKvStateTest.key("a");
        live.copies().clear();

        threads.submit(() -> state.read(key, bytes -> {})).get(10, TimeUnit.SECONDS);

        assertThat(live.copies()).as("copies of the live serializer").isEmpty();
        assertThat(live.copiesOfCopies()).containsExactly(userClasses);
    }

    private ConcurrentKvState state(FakeState.Answer<Long> answer) {
        return new ConcurrentKvState(
                FlinkKvState.of(new KvStateEntry<>(new FakeState<>(live, answer), userClasses), null));
    }
}
