package io.queryablestate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClosedLoopTest {

    private final ExecutorService peer = Executors.newSingleThreadExecutor();

    @AfterEach
    void stopPeer() {
        peer.shutdownNow();
    }

    @Test
    void shouldKeepAllLanesBusyAndCountAnswers_whenTheyAreRight() throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        ClosedLoop loop = new ClosedLoop(
                asking(key -> {
                    asked.incrementAndGet();
                    return Workload.valueOf(key);
                }),
                4);

        LoadResult result = loop.run(Duration.ofMillis(20));

        assertThat(result.requests()).isEqualTo(asked.get()).isGreaterThanOrEqualTo(4);
        assertThat(result.elapsedNanos())
                .isGreaterThanOrEqualTo(Duration.ofMillis(20).toNanos());
    }

    @Test
    void shouldFail_whenAValueIsThatOfAnotherKey() {
        ClosedLoop loop = new ClosedLoop(asking(key -> Workload.valueOf(key + 1)), 4);

        assertThatThrownBy(() -> loop.run(Duration.ofMinutes(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a wrong value for key");
    }

    @Test
    void shouldFail_whenARequestFails() {
        ClosedLoop loop = new ClosedLoop(() -> outcome -> outcome.failed(new IllegalStateException("overloaded")), 4);

        assertThatThrownBy(() -> loop.run(Duration.ofMinutes(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("overloaded");
    }

    private Supplier<Query> asking(LongFunction<byte[]> values) {
        KeyReader reader = (key, answer) -> peer.execute(() -> answer.value(values.apply(key)));
        return Query.of(reader, Work.closedLoop(Hop.PROXIED, Workload.SMALL, 4));
    }
}
