package io.queryablestate.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallbackEventLoopTest {

    private static final long PATIENCE_SECONDS = 20;

    private final EventLoops loops = new EventLoops("test-loop", 1, BufferBudget.ofProcess());
    private final CallbackEventLoop loop = loops.loops().get(0);

    @AfterEach
    void stop() {
        assertThat(loops.stop()).succeedsWithin(Duration.ofSeconds(PATIENCE_SECONDS));
    }

    @Test
    void shouldRunCallbacksAfterThePass_onTheSameThread_outsideOfTheLoop() throws Exception {
        List<String> log = new ArrayList<>();
        CompletableFuture<Thread> inCallback = new CompletableFuture<>();
        CompletableFuture<Thread> inTask = new CompletableFuture<>();
        loop.execute(() -> {
            inTask.complete(Thread.currentThread());
            callback(() -> log.add("callback, in the loop: " + loop.inEventLoop()));
            callback(() -> inCallback.complete(Thread.currentThread()));
            log.add("task, in the loop: " + loop.inEventLoop());
        });

        assertThat(get(inCallback)).isSameAs(get(inTask));
        assertThat(log).containsExactly("task, in the loop: true", "callback, in the loop: false");
    }

    @Test
    void shouldGoOn_whenACallbackBlocks() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<Void> blocked = new CompletableFuture<>();
        CompletableFuture<Void> behind = new CompletableFuture<>();
        loop.execute(() -> {
            callback(() -> {
                waitFor(go);
                blocked.complete(null);
            });
            callback(() -> behind.complete(null));
        });

        get(behind);
        assertThat(get(loop.submit(() -> "a task"))).isEqualTo("a task");
        assertThat(get(loop.schedule(() -> "a timer", 1, TimeUnit.MILLISECONDS)))
                .isEqualTo("a timer");
        assertThat(blocked).isNotDone();
        go.countDown();
        get(blocked);
    }

    @Test
    void shouldRunWhatABlockedCallbackHasAskedFor() throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        loop.execute(() -> callback(() -> {
            CompletableFuture<String> asked = new CompletableFuture<>();
            loop.execute(() -> asked.complete("by the loop"));
            answer.complete(asked.join());
        }));
        assertThat(get(answer)).isEqualTo("by the loop");
    }

    @Test
    void shouldRunEveryCallback_whenManyBlockUntilTheLastHasRun() throws Exception {
        int callbacks = 100;
        CountDownLatch last = new CountDownLatch(1);
        CountDownLatch all = new CountDownLatch(callbacks);
        loop.execute(() -> {
            for (int i = 1; i < callbacks; i++) {
                callback(() -> {
                    waitFor(last);
                    all.countDown();
                });
            }
            callback(() -> {
                last.countDown();
                all.countDown();
            });
        });
        assertThat(all.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldRunEachOnce_whenSomeBlockAndOthersAskForMore() throws Exception {
        int chains = 64;
        int length = 50;
        CountDownLatch ends = new CountDownLatch(chains);
        AtomicInteger run = new AtomicInteger();
        for (int chain = 0; chain < chains; chain++) {
            int pauseMillis = chain % 16 == 0 ? 5 : 0;
            loop.execute(() -> callback(() -> next(length, pauseMillis, run, ends)));
        }
        assertThat(ends.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(run).hasValue(chains * length);
    }

    private void next(int left, int pauseMillis, AtomicInteger run, CountDownLatch ends) {
        run.incrementAndGet();
        if (pauseMillis > 0) {
            pause(pauseMillis);
        }
        if (left == 1) {
            ends.countDown();
        } else {
            loop.execute(() -> callback(() -> next(left - 1, pauseMillis, run, ends)));
        }
    }

    @Test
    void shouldServeTheLoop_whileManyCallbacksKeepTheProcessorBusy() throws Exception {
        AtomicInteger left = new AtomicInteger(200);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        CompletableFuture<Integer> leftAtTimer = new CompletableFuture<>();
        loop.execute(() -> {
            for (int i = left.get(); i > 0; i--) {
                callback(() -> {
                    spin(Duration.ofMillis(1));
                    threads.add(Thread.currentThread());
                    left.decrementAndGet();
                });
            }
            loop.schedule(() -> leftAtTimer.complete(left.get()), 1, TimeUnit.MILLISECONDS);
        });

        assertThat(get(leftAtTimer)).isPositive();
        await().until(() -> left.get() == 0);
        assertThat(threads).hasSizeGreaterThan(1);
    }

    @Test
    void shouldRunTheRest_whenACallbackThrows() throws Exception {
        CompletableFuture<Void> rest = new CompletableFuture<>();
        loop.execute(() -> {
            callback(() -> {
                throw new IllegalStateException("in a callback");
            });
            callback(() -> rest.complete(null));
        });
        get(rest);
        get(loop.submit(() -> "a task"));
    }

    @Test
    void shouldGiveTheLoopAwayAtOnce_whenACallbackSaysThatItWaits() throws Exception {
        CompletableFuture<Boolean> taken = new CompletableFuture<>();
        loop.execute(() -> callback(() -> {
            loop.handOver();
            CountDownLatch ran = new CountDownLatch(1);
            loop.execute(ran::countDown);
            waitFor(ran);
            taken.complete(loop.inEventLoop());
        }));
        assertThat(get(taken)).isFalse();
    }

    @Test
    void shouldEnd_whileACallbackBlocks() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<Void> blocked = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        loop.execute(() -> callback(() -> {
            begun.countDown();
            waitFor(go);
            blocked.complete(null);
        }));
        assertThat(begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();

        assertThat(loops.stop()).succeedsWithin(Duration.ofSeconds(PATIENCE_SECONDS));
        assertThat(loop.isTerminated()).isTrue();
        assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        go.countDown();
        get(blocked);
    }

    @Test
    void shouldLeaveNoThread_whenItHasEnded() throws Exception {
        get(loop.submit(() -> "begun"));
        loops.stop().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("test-loop")));
    }

    private void callback(Runnable callback) {
        loop.executeCallback(callback);
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void spin(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}
