package io.queryablestate.gates;

import io.queryablestate.client.QueryableStateClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** R10: a callback that blocks, or that waits for another request, holds up nobody else. */
final class CallbackGate implements Gate {

    private static final int ATTEMPTS_TO_BLOCK = 100;
    private static final int REQUESTS = 100;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @Override
    public void run(GateRun run) throws Exception {
        int rounds = run.times(10, 100);
        try (LoneServer server = LoneServer.on("127.0.0.1", 0, 0);
                LoneProxy proxy = LoneProxy.before(List.of(server.placement()));
                QueryableStateClient client = run.client(proxy.address()).build()) {
            Reads reads = new Reads(run, client, TIMEOUT);
            for (int i = 0; i < rounds; i++) {
                blockOne(run, reads);
                nest(run, reads);
            }
        }
    }

    private static void blockOne(GateRun run, Reads reads) throws Exception {
        CountDownLatch othersDone = new CountDownLatch(1);
        CompletableFuture<Boolean> blocked = blockedUntil(othersDone, reads);
        List<CompletableFuture<Optional<byte[]>>> others = new ArrayList<>();
        for (int i = 1; i < REQUESTS; i++) {
            others.add(reads.ask());
        }
        try {
            CompletableFuture.allOf(others.toArray(CompletableFuture[]::new)).get(10, TimeUnit.SECONDS);
        } finally {
            othersDone.countDown();
        }
        run.fault("blocking callback");
        run.require(blocked.get(10, TimeUnit.SECONDS), "the blocked callback was not released by the others");
    }

    /** A callback of the client's: if the answer is faster than this thread, which adds it, that one would run it. */
    private static CompletableFuture<Boolean> blockedUntil(CountDownLatch done, Reads reads) throws Exception {
        Thread own = Thread.currentThread();
        for (int i = 0; i < ATTEMPTS_TO_BLOCK; i++) {
            CompletableFuture<Thread> runBy = new CompletableFuture<>();
            CompletableFuture<Boolean> blocked = reads.ask().handle((answer, failure) -> {
                runBy.complete(Thread.currentThread());
                return Thread.currentThread() != own && await(done);
            });
            if (runBy.get(10, TimeUnit.SECONDS) != own) {
                return blocked;
            }
        }
        throw new TimeoutException("every answer came before its callback was added");
    }

    /** Each callback waits for a request of its own. */
    private static void nest(GateRun run, Reads reads) throws Exception {
        Thread own = Thread.currentThread();
        AtomicInteger waited = new AtomicInteger();
        List<CompletableFuture<Boolean>> nested = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            nested.add(reads.ask().thenApply(answer -> {
                if (Thread.currentThread() != own) {
                    waited.incrementAndGet();
                }
                return reads.ask().join().isPresent();
            }));
        }
        for (CompletableFuture<Boolean> each : nested) {
            run.require(each.get(10, TimeUnit.SECONDS), "a request inside a callback had no answer");
        }
        run.fault("callback that waits for a request", waited.get());
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
