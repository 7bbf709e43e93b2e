package io.queryablestate.gates;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A gate that notices nothing is worth nothing: each invariant is seen to be missed. */
class GateRunTest {

    private static final Scale SMALL = new Scale(false, 1);
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    @Test
    void shouldHold_whenNothingIsAmiss() throws Exception {
        GateResult result = measure(run -> request(run, DEADLINE, null).complete(Optional.empty()));

        assertThat(result.misses()).isEmpty();
        assertThat(result.toJson("abc"))
                .contains("\"holds\": true", "\"issued\": 1", "\"ok\": 1", "\"commit\": \"abc\"");
    }

    @Test
    void shouldMiss_whenAValueIsWrong() throws Exception {
        GateResult result = measure(run -> request(run, DEADLINE, "torn").complete(Optional.empty()));

        assertThat(result.misses()).anyMatch(miss -> miss.startsWith("I2"));
        assertThat(result.toJson("abc")).contains("\"holds\": false", "\"wrong_value\": 1");
    }

    @Test
    void shouldMiss_whenAnErrorHasNoCode() throws Exception {
        GateResult result =
                measure(run -> request(run, DEADLINE, null).completeExceptionally(new IllegalStateException()));

        assertThat(result.misses()).anyMatch(miss -> miss.startsWith("I3"));
    }

    @Test
    void shouldMiss_whenABufferIsNotReleased() throws Exception {
        ByteBuf[] kept = new ByteBuf[1];
        try {
            GateResult result = measure(run -> kept[0] = PooledByteBufAllocator.DEFAULT.directBuffer(10));
            assertThat(result.misses()).anyMatch(miss -> miss.startsWith("I4"));
        } finally {
            kept[0].release();
        }
    }

    @Test
    void shouldMiss_whenAThreadIsLeft() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try {
            GateResult result = measure(run -> new Thread(() -> await(end), "left behind").start());
            assertThat(result.misses()).anyMatch(miss -> miss.contains("left behind"));
        } finally {
            end.countDown();
        }
    }

    @Test
    void shouldMiss_whenTheGateItselfEndsEarly() throws Exception {
        GateResult result = measure(run -> {
            throw new IllegalStateException("broken");
        });

        assertThat(result.misses()).anyMatch(miss -> miss.contains("broken"));
    }

    private static GateResult measure(Gate gate) throws InterruptedException {
        return new GateRun(SMALL, 1).measure("T", gate);
    }

    private static CompletableFuture<Optional<byte[]>> request(GateRun run, Duration deadline, @Nullable String fault) {
        return run.ledger()
                .follow(deadline, new CompletableFuture<>(), System.nanoTime(), (answer, began, ended) -> fault);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
