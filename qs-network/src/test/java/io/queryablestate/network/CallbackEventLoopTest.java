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
        unwatched(own -> {
            List<String> log = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            List<Boolean> inLoop = new ArrayList<>();
            CompletableFuture<Void> done = new CompletableFuture<>();
            own.execute(() -> {
                own.executeCallback(() -> {
                    log.add("callback");
                    threads.add(Thread.currentThread());
                    inLoop.add(own.inEventLoop());
                    done.complete(null);
                });
                log.add("task");
                threads.add(Thread.currentThread());
                inLoop.add(own.inEventLoop());
            });
            get(done);
            assertThat(log).containsExactly("task", "callback");
            assertThat(threads.get(0)).isSameAs(threads.get(1));
            assertThat(inLoop).containsExactly(true, false);
        });
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
    void shouldServeTheLoop_andUseOtherThreads_whileManyShortCallbacksWait() throws Exception {
        AtomicInteger left = new AtomicInteger(2_000);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        CompletableFuture<Integer> leftAtTimer = new CompletableFuture<>();
        loop.execute(() -> {
            for (int i = left.get(); i > 0; i--) {
                callback(() -> {
                    spin(Duration.ofNanos(100_000));
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
    void shouldBelongToOneThreadAtATime_whenItChangesHandsAllTheTime() throws Exception {
        int tasks = 20_000;
        AtomicInteger overlaps = new AtomicInteger();
        AtomicInteger inside = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(tasks);
        Runnable task = () -> {
            if (inside.incrementAndGet() != 1 || !loop.inEventLoop()) {
                overlaps.incrementAndGet();
            }
            callback(loop::handOver);
            Thread.onSpinWait();
            inside.decrementAndGet();
            all.countDown();
        };
        for (int i = 0; i < tasks; i++) {
            loop.execute(task);
            if (i % 100 == 0) {
                loop.execute(() -> callback(() -> {
                    loop.handOver();
                    pause(1);
                    if (loop.inEventLoop()) {
                        overlaps.incrementAndGet();
                    }
                }));
            }
        }
        assertThat(all.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(overlaps).hasValue(0);
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
    void shouldRunTheRest_whenACallbackInterruptsItsThread() throws Exception {
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        loop.execute(() -> {
            callback(() -> Thread.currentThread().interrupt());
            callback(() -> interrupted.complete(Thread.currentThread().isInterrupted()));
        });
        assertThat(get(interrupted)).isFalse();
        get(loop.submit(() -> "a task"));
    }

    @Test
    void shouldGiveTheLoopAway_whenACallbackSaysThatItWaits() throws Exception {
        unwatched(own -> {
            CompletableFuture<Boolean> taken = new CompletableFuture<>();
            own.execute(() -> own.executeCallback(() -> {
                own.handOver();
                CountDownLatch ran = new CountDownLatch(1);
                own.execute(ran::countDown);
                waitFor(ran);
                taken.complete(own.inEventLoop());
            }));
            assertThat(get(taken)).isFalse();
        });
    }

    @Test
    void shouldRunOrCancelWhatItHasTaken_whenItEnds() throws Exception {
        List<Future<?>> taken = new ArrayList<>();
        Thread submits = new Thread(() -> {
            try {
                for (int i = 0; i < 1_000_000; i++) {
                    taken.add(
                            i % 2 == 0 ? loop.submit(() -> "a task") : loop.schedule(() -> "late", 1, TimeUnit.HOURS));
                }
            } catch (RejectedExecutionException e) {
                taken.add(CompletableFuture.completedFuture("rejected"));
            }
        });
        submits.start();
        loops.stop().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        submits.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));

        assertThat(taken.get(taken.size() - 1)).isDone();
        await().until(() -> taken.stream().allMatch(Future::isDone));
    }

    @Test
    void shouldRunCallbacksThatAreLeft_whenItHasEnded() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Void> behind = new CompletableFuture<>();
        loop.execute(() -> {
            for (int i = 0; i < 8; i++) {
                callback(() -> {
                    begun.countDown();
                    waitFor(go);
                });
            }
            callback(() -> {
                go.countDown();
                behind.complete(null);
            });
        });
        assertThat(begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        loops.stop().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        get(behind);
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

    /** A loop which no watch takes from the thread that has it. */
    private static void unwatched(Check check) throws Exception {
        Followers followers = new Followers("test-unwatched");
        CallbackEventLoop own =
                new CallbackEventLoop(Transport.best().ioHandlers(), followers, BufferBudget.ofProcess());
        assertThat(followers.start(own::lead)).isTrue();
        try {
            check.of(own);
        } finally {
            own.shutdownGracefully().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private interface Check {
        void of(CallbackEventLoop loop) throws Exception;
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
