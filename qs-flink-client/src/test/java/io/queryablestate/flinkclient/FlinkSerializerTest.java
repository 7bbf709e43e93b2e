package io.queryablestate.flinkclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.messages.QueryableStateException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a serializer of Flink's, which is for one thread, is used by many. */
@Timeout(60)
class FlinkSerializerTest {

    private final Set<RecordingSerializer> used = new CopyOnWriteArraySet<>();

    @Test
    void shouldUseOneDuplicateAtATime_whenThreadsReadTogether() throws Exception {
        int threads = 4;
        CyclicBarrier allAreReading = new CyclicBarrier(threads);
        RecordingSerializer original = new RecordingSerializer(serializer -> {
            used.add(serializer);
            await(allAreReading);
        });
        FlinkSerializer<Long> shared = new FlinkSerializer<>(original, "long", null);
        byte[] five = Serializers.serialize(Serializers.LONG, 5L);
        ExecutorService readers = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 3; round++) {
                List<CompletableFuture<Long>> answers = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    answers.add(CompletableFuture.supplyAsync(() -> Serializers.deserialize(shared, five), readers));
                }
                for (CompletableFuture<Long> answer : answers) {
                    assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo(5L);
                }
            }
        } finally {
            readers.shutdownNow();
        }

        assertThat(used).hasSize(threads).doesNotContain(original);
    }

    @Test
    void shouldKeepTheDuplicate_whenItIsNotInUse() {
        FlinkSerializer<Long> shared = new FlinkSerializer<>(new RecordingSerializer(used::add), "long", null);

        for (long i = 0; i < 10; i++) {
            Serializers.serialize(shared, i);
        }

        assertThat(used).hasSize(1);
    }

    @Test
    void shouldDropTheDuplicate_whenItHasFailed() {
        FlinkSerializer<Long> shared = new FlinkSerializer<>(new RecordingSerializer(used::add), "long", null);

        assertThatExceptionOfType(QueryableStateException.class)
                .isThrownBy(() -> Serializers.deserialize(shared, new byte[3]));
        Serializers.serialize(shared, 1L);

        assertThat(used).hasSize(2);
    }

    @Test
    void shouldHaveTheGivenClassLoader_whenItIsUsedAndOnlyThen() throws Exception {
        ClassLoader former = Thread.currentThread().getContextClassLoader();
        List<ClassLoader> seen = new ArrayList<>();
        try (URLClassLoader user = new URLClassLoader(new URL[0])) {
            FlinkSerializer<Long> shared = new FlinkSerializer<>(
                    new RecordingSerializer(
                            serializer -> seen.add(Thread.currentThread().getContextClassLoader())),
                    "long",
                    user);

            Serializers.deserialize(shared, Serializers.serialize(shared, 1L));
            assertThatExceptionOfType(QueryableStateException.class)
                    .isThrownBy(() -> Serializers.deserialize(shared, new byte[3]));

            assertThat(seen).containsExactly(user, user, user);
        }
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(former);
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
