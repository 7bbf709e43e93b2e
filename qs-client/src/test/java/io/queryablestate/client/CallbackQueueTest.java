package io.queryablestate.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallbackQueueTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ArrayDeque<Runnable> handedOver = new ArrayDeque<>();
    private final List<Integer> run = new ArrayList<>();
    private final CallbackQueue queue = new CallbackQueue(channel.eventLoop(), handedOver::add, 2);

    CallbackQueueTest() {
        channel.freezeTime();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void shouldHandOverAllCallbacksOfAPassAtOnce() {
        add(1);
        add(2);
        add(3);
        assertThat(handedOver).isEmpty();
        channel.runPendingTasks();
        assertThat(handedOver).hasSize(1);

        add(4);
        channel.runPendingTasks();
        assertThat(handedOver).hasSize(1);

        handedOver.remove().run();
        assertThat(run).containsExactly(1, 2, 3, 4);
    }

    @Test
    void shouldHandOverAnew_whenTheQueueHasBeenEmpty() {
        for (int i = 0; i < 3; i++) {
            add(i);
            channel.runPendingTasks();
            handedOver.remove().run();
        }
        assertThat(run).containsExactly(0, 1, 2);
        assertThat(handedOver).isEmpty();
    }

    @Test
    void shouldStartAnother_whenACallbackWaitsBehindOneThatBlocks() {
        queue.execute(() -> {
            add(1);
            channel.runPendingTasks();
            assertThat(handedOver).isEmpty();
            lookTwice();
            handedOver.remove().run();
            assertThat(run).containsExactly(1);
        });
        channel.runPendingTasks();
        handedOver.remove().run();
        assertThat(run).containsExactly(1);
        lookTwice();
        assertThat(handedOver).isEmpty();
    }

    @Test
    void shouldStartNoMore_whenTheLastOneHasNotBegun() {
        queue.execute(() -> {
            add(1);
            add(2);
            channel.runPendingTasks();
            lookTwice();
            lookTwice();
            assertThat(handedOver).hasSize(1);
        });
        channel.runPendingTasks();
        handedOver.remove().run();
        assertThat(run).containsExactly(1, 2);
    }

    @Test
    void shouldUseMoreThreads_whenCallbacksWaitAlthoughNoneBlocks() {
        for (int i = 0; i < 5; i++) {
            queue.execute(this::lookTwice);
        }
        channel.runPendingTasks();
        handedOver.remove().run();
        assertThat(handedOver).hasSize(1);
    }

    @Test
    void shouldRunTheRest_whenACallbackThrows() {
        queue.execute(() -> {
            throw new IllegalStateException("in a callback");
        });
        add(1);
        channel.runPendingTasks();
        handedOver.remove().run();
        assertThat(run).containsExactly(1);
    }

    @Test
    void shouldTryAgain_whenThereAreNoThreads() {
        AtomicInteger refusals = new AtomicInteger(3);
        CallbackQueue refused = new CallbackQueue(
                channel.eventLoop(),
                task -> {
                    if (refusals.getAndDecrement() > 0) {
                        throw new RejectedExecutionException();
                    }
                    task.run();
                },
                2);
        refused.execute(() -> run.add(1));
        channel.runPendingTasks();
        assertThat(run).isEmpty();
        lookTwice();
        lookTwice();
        assertThat(run).containsExactly(1);
    }

    @Test
    void shouldHoldBackWhatACallbackAsksFor_whenOthersWaitBehindIt() {
        List<String> log = new ArrayList<>();
        queue.execute(() -> {
            queue.executeOnLoop(() -> log.add("first"));
            channel.runPendingTasks();
            assertThat(log).isEmpty();
        });
        queue.execute(() -> assertThat(log).isEmpty());
        channel.runPendingTasks();
        handedOver.remove().run();
        channel.runPendingTasks();
        assertThat(log).containsExactly("first");
    }

    @Test
    void shouldRunWhatIsHeldBack_whenTheCallbackBlocks() {
        List<String> log = new ArrayList<>();
        queue.execute(() -> {
            queue.executeOnLoop(() -> log.add("first"));
            lookTwice();
            assertThat(log).containsExactly("first");
        });
        add(1);
        channel.runPendingTasks();
        handedOver.remove().run();
        assertThat(run).containsExactly(1);
    }

    @Test
    void shouldHoldNothingBack_whenNoCallbackWaits() {
        List<String> log = new ArrayList<>();
        queue.execute(() -> {
            queue.executeOnLoop(() -> log.add("callback"));
            channel.runPendingTasks();
            assertThat(log).containsExactly("callback");
        });
        channel.runPendingTasks();
        handedOver.remove().run();
        add(1);
        queue.executeOnLoop(() -> log.add("other"));
        channel.runPendingTasks();
        assertThat(log).containsExactly("callback", "other");
    }

    @Test
    void shouldRunEveryCallback_whenManyBlockUntilTheLastHasRun() throws Exception {
        int callbacks = 100;
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            CallbackQueue blocking = new CallbackQueue(channel.eventLoop(), threads, 2);
            CountDownLatch last = new CountDownLatch(1);
            CountDownLatch all = new CountDownLatch(callbacks);
            for (int i = 1; i < callbacks; i++) {
                blocking.execute(() -> {
                    try {
                        assertThat(last.await(20, TimeUnit.SECONDS)).isTrue();
                        all.countDown();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
            }
            blocking.execute(() -> {
                last.countDown();
                all.countDown();
            });
            channel.runPendingTasks();
            await().pollInterval(1, TimeUnit.MILLISECONDS).until(() -> {
                lookTwice();
                return all.getCount() == 0;
            });
        } finally {
            threads.shutdown();
        }
    }

    private void add(int number) {
        queue.execute(() -> run.add(number));
    }

    private void lookTwice() {
        for (int i = 0; i < 2; i++) {
            channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
            channel.runPendingTasks();
        }
    }
}
