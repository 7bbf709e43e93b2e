package io.queryablestate.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Keeps a fixed number of requests under way: whenever one ends, the next begins. Requests begin on the thread that
 * completes the one before.
 */
final class ClosedLoop {

    private final Supplier<? extends CompletableFuture<?>> request;
    private final AtomicInteger lanes;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean stopping;

    /**
     * A loop that does not run yet.
     *
     * @param concurrency requests under way at a time, at least 1
     * @param request begins a request; called by several threads, never throws
     */
    ClosedLoop(int concurrency, Supplier<? extends CompletableFuture<?>> request) {
        this.lanes = new AtomicInteger(concurrency);
        this.request = request;
    }

    void start() {
        int concurrency = lanes.get();
        for (int i = 0; i < concurrency; i++) {
            runLane();
        }
    }

    /** Begins no more requests; completes when those under way have ended. */
    CompletableFuture<Void> stop() {
        stopping = true;
        return ended;
    }

    private void runLane() {
        while (!stopping) {
            CompletableFuture<?> current = request.get();
            // A request that ends at once must not make the stack deeper.
            if (!current.isDone()) {
                current.whenComplete((answer, failure) -> runLane());
                return;
            }
        }
        if (lanes.decrementAndGet() == 0) {
            ended.complete(null);
        }
    }
}
