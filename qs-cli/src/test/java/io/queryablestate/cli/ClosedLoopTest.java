package io.queryablestate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ClosedLoopTest {

    private final Deque<CompletableFuture<Void>> open = new ArrayDeque<>();
    private final ClosedLoop loop = new ClosedLoop(3, () -> {
        CompletableFuture<Void> request = new CompletableFuture<>();
        open.add(request);
        return request;
    });

    @Test
    void shouldKeepAsManyUnderWay_whenRequestsEnd() {
        loop.start();
        assertThat(open).hasSize(3);

        open.remove().complete(null);
        open.remove().completeExceptionally(new IllegalStateException("failed"));

        assertThat(open).hasSize(3);
    }

    @Test
    void shouldWaitForThoseUnderWay_whenStopped() {
        loop.start();
        CompletableFuture<Void> ended = loop.stop();

        open.remove().complete(null);
        open.remove().complete(null);
        assertThat(ended).isNotDone();
        open.remove().complete(null);

        assertThat(ended).isCompleted();
        assertThat(open).isEmpty();
    }

    @Test
    void shouldNotMakeTheStackDeeper_whenRequestsEndAtOnce() {
        AtomicInteger left = new AtomicInteger(1_000_000);
        CompletableFuture<Void> last = new CompletableFuture<>();

        new ClosedLoop(1, () -> left.decrementAndGet() > 0 ? CompletableFuture.completedFuture(null) : last).start();

        assertThat(left).hasValue(0);
    }
}
