package io.queryablestate.server;

import static io.queryablestate.server.TestRegistry.BUDGET;
import static io.queryablestate.server.TestRegistry.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.queryablestate.messages.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

// A close that waits for ever also ignores the interrupt by which a test on its own thread would be ended.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class QueryPoolTest {

    private final TestRegistry test =
            new TestRegistry(TestRegistry.options().queueLength(4).queueBytes(100_000));
    private final Semaphore reading = new Semaphore(0);
    private final Semaphore goOn = new Semaphore(0);
    private final AtomicInteger touched = new AtomicInteger();
    private final RegisteredKvState blocking = test.register(this::readWhenTold, ReadMode.pooled());

    private byte[] readWhenTold(byte[] key, ReadContext context) throws InterruptedException {
        touched.incrementAndGet();
        reading.release();
        goOn.acquire();
        return bytes("value");
    }

    @AfterEach
    void close() {
        goOn.release(1_000);
        test.close();
    }

    @Test
    void shouldAnswerOnADaemonThread_whenTheStateIsPooled() throws Exception {
        RecordedRead read = test.read(blocking);
        goOn.release();
        read.await().assertValue(bytes("value"));
        Thread thread = Objects.requireNonNull(read.answeredOn());
        assertThat(thread.getName()).isEqualTo("queryable-state-query-1");
        assertThat(thread.isDaemon()).isTrue();
    }

    @Test
    void shouldUseEveryThread_andNoMore() throws Exception {
        try (TestRegistry two = new TestRegistry(TestRegistry.options().queryThreads(2))) {
            RegisteredKvState state = two.register(this::readWhenTold, ReadMode.pooled());
            List<RecordedRead> reads = List.of(two.read(state), two.read(state), two.read(state));
            reading.acquire(2);
            assertThat(two.registry.queuedReads()).isEqualTo(1);
            goOn.release(3);
            for (RecordedRead read : reads) {
                read.await().assertValue(bytes("value"));
            }
        }
    }

    @Test
    void shouldRefuse_whenTheQueueIsFull() throws Exception {
        blockTheThread();
        List<RecordedRead> waiting = fillTheQueue();
        test.read(blocking).assertFailed(ErrorCode.OVERLOADED);
        goOn.release(5);
        for (RecordedRead read : waiting) {
            read.await().assertValue(bytes("value"));
        }
    }

    @Test
    void shouldRefuse_whenTheQueueIsFullOfBytes() throws Exception {
        blockTheThread();
        test.read(blocking.kvStateId(), largeRead(60_000)).assertUnanswered();
        test.read(blocking.kvStateId(), largeRead(40_001)).assertFailed(ErrorCode.OVERLOADED);
        test.read(blocking.kvStateId(), largeRead(40_000)).assertUnanswered();
        goOn.release(3);
        await().until(() -> test.registry.queuedReads() == 0);
        blockTheThread();
        test.read(blocking.kvStateId(), largeRead(60_000)).assertUnanswered();
    }

    @Test
    void shouldDropExpiredReadsFirst_whenTheQueueIsFull() throws Exception {
        blockTheThread();
        RecordedRead shortLived = test.read(blocking.kvStateId(), Duration.ofMillis(1));
        test.read(blocking);
        test.read(blocking);
        test.read(blocking);
        test.read(blocking).assertFailed(ErrorCode.OVERLOADED);
        test.time.pass(Duration.ofMillis(1));
        test.read(blocking).assertUnanswered();
        shortLived.assertFailed(ErrorCode.DEADLINE_EXCEEDED);
        test.read(blocking).assertFailed(ErrorCode.OVERLOADED);
    }

    @Test
    void shouldDropAbandonedReadsFirst_whenTheQueueIsFull() throws Exception {
        blockTheThread();
        List<RecordedRead> waiting = fillTheQueue();
        waiting.get(2).abandon();
        RecordedRead next = test.read(blocking);
        next.assertUnanswered();
        waiting.get(2).assertFailed(ErrorCode.DEADLINE_EXCEEDED);
        // Looked for again a millisecond later, so that a flood does not cost a search for each refusal.
        waiting.get(1).abandon();
        test.read(blocking).assertFailed(ErrorCode.OVERLOADED);
        test.time.pass(Duration.ofMillis(1));
        test.read(blocking).assertUnanswered();
        waiting.get(1).assertFailed(ErrorCode.DEADLINE_EXCEEDED);
    }

    @Test
    void shouldForgetAbandonedReadsWithinHalfASecond_whenNothingElseHappens() throws Exception {
        blockTheThread();
        RecordedRead read = test.read(blocking.kvStateId(), Duration.ofMinutes(1));
        read.abandon();
        test.time.advance(Duration.ofMillis(500));
        assertThat(read.answers()).isEqualTo(1);
        assertThat(test.registry.queuedReads()).isZero();
    }

    @Test
    void shouldAnswerAtTheDeadline_whenTheReadItselfHangs() throws Exception {
        RecordedRead hanging = test.read(blocking);
        reading.acquire();
        test.time.advance(BUDGET.minusMillis(1));
        hanging.assertUnanswered();
        test.time.advance(Duration.ofMillis(21));
        hanging.assertFailed(ErrorCode.DEADLINE_EXCEEDED);
        goOn.release();
        RecordedRead next = test.read(blocking);
        goOn.release();
        next.await().assertValue(bytes("value"));
        assertThat(hanging.answers()).isEqualTo(1);
    }

    @Test
    void shouldAnswerOnce_whenAReadFailsAfterItsDeadline() throws Exception {
        RegisteredKvState failing = test.register(
                (key, context) -> {
                    readWhenTold(key, context);
                    throw new IllegalStateException("late");
                },
                ReadMode.pooled());
        RecordedRead read = test.read(failing);
        reading.acquire();
        test.time.advance(BUDGET.plusMillis(20));
        goOn.release();
        failing.close();
        RecordedRead next = test.read(blocking);
        goOn.release();
        next.await();
        read.assertFailed(ErrorCode.DEADLINE_EXCEEDED);
    }

    @Test
    void shouldNotTouchTheState_whenAWaitingReadExpired() throws Exception {
        blockTheThread();
        RecordedRead read = test.read(blocking.kvStateId(), Duration.ofMillis(1));
        test.time.pass(Duration.ofMillis(1));
        goOn.release();
        read.await().assertFailed(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(touched).hasValue(1);
    }

    @Test
    void shouldScheduleFewSweeps_whenDeadlinesComeInAnyOrder() throws Exception {
        try (TestRegistry wide = new TestRegistry(TestRegistry.options())) {
            RegisteredKvState state = wide.register(this::readWhenTold, ReadMode.pooled());
            wide.read(state);
            reading.acquire();
            for (int millis = 1_000; millis > 0; millis--) {
                wide.read(state.kvStateId(), Duration.ofMillis(millis));
            }
            assertThat(wide.registry.queuedReads()).isEqualTo(1_000);
            assertThat(wide.time.scheduledTasks()).isBetween(1, 60);
            wide.time.advance(Duration.ofMillis(500));
            assertThat(wide.time.scheduledTasks()).isEqualTo(1);
            wide.time.advance(Duration.ofMillis(520));
            assertThat(wide.registry.queuedReads()).isZero();
            wide.time.advance(BUDGET);
            assertThat(wide.time.scheduledTasks()).isZero();
        }
    }

    @Test
    void shouldNotPassAnInterruptOn_whenAReadLeavesOneBehind() throws Exception {
        AtomicBoolean interrupted = new AtomicBoolean();
        RegisteredKvState leaves = test.register(
                (key, context) -> {
                    Thread.currentThread().interrupt();
                    return null;
                },
                ReadMode.pooled());
        RegisteredKvState sees = test.register(
                (key, context) -> {
                    interrupted.set(Thread.currentThread().isInterrupted());
                    return null;
                },
                ReadMode.pooled());
        blockTheThread();
        test.read(leaves);
        RecordedRead read = test.read(sees);
        goOn.release();
        read.await().assertValue(null);
        assertThat(interrupted).isFalse();
    }

    @Test
    void shouldFailWhatWaitsThenWaitForTheRunningRead_whenTheStateIsClosed() throws Exception {
        RecordedRead running = test.read(blocking);
        reading.acquire();
        RecordedRead waiting = test.read(blocking);
        CompletableFuture<Void> closed = CompletableFuture.runAsync(blocking::close);
        waiting.await().assertFailed(ErrorCode.UNKNOWN_KV_STATE_ID);
        assertThatThrownBy(() -> closed.get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        test.read(blocking).assertFailed(ErrorCode.UNKNOWN_KV_STATE_ID);
        goOn.release();
        closed.get(10, TimeUnit.SECONDS);
        running.await().assertValue(bytes("value"));
        assertThat(touched).hasValue(1);
    }

    @Test
    void shouldWarnEachSecondAndRestoreTheFlag_whenClosingWaits() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(RegisteredKvState.class);
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        logger.addAppender(logged);
        try {
            test.read(blocking);
            reading.acquire();
            CountDownLatch done = new CountDownLatch(1);
            AtomicBoolean interrupted = new AtomicBoolean();
            Thread closer = new Thread(() -> {
                blocking.close();
                interrupted.set(Thread.currentThread().isInterrupted());
                done.countDown();
            });
            closer.start();
            closer.interrupt();
            await().until(() -> List.copyOf(logged.list).size() == 2);
            assertThat(done.getCount()).isEqualTo(1);
            goOn.release();
            assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(interrupted).isTrue();
            assertThat(logged.list.get(1).getFormattedMessage())
                    .contains("'counts'")
                    .contains("2 s")
                    .contains("1 running");
        } finally {
            logger.detachAppender(logged);
        }
    }

    @Test
    void shouldStopARunningRead_whenTheStateIsBeingClosed() throws Exception {
        RegisteredKvState checking = test.register(
                (key, context) -> {
                    reading.release();
                    goOn.acquire();
                    context.check(0);
                    return bytes("from a closed state");
                },
                ReadMode.pooled());
        RecordedRead read = test.read(checking);
        reading.acquire();
        checking.refuse(ErrorCode.UNKNOWN_KV_STATE_ID, "closing");
        goOn.release();
        read.await().assertFailed(ErrorCode.UNKNOWN_KV_STATE_ID);
    }

    @Test
    void shouldAnswerWhatRunsAndEndTheThread_whenTheRegistryCloses() throws Exception {
        CompletableFuture<Thread> queryThread = new CompletableFuture<>();
        RegisteredKvState state = test.register(
                (key, context) -> {
                    queryThread.complete(Thread.currentThread());
                    return readWhenTold(key, context);
                },
                ReadMode.pooled());
        RecordedRead running = test.read(state);
        reading.acquire();
        RecordedRead waiting = test.read(blocking);
        test.registry.close();
        running.assertFailed(ErrorCode.SHUTTING_DOWN);
        waiting.assertFailed(ErrorCode.SHUTTING_DOWN);
        // The lease is still out: whoever owns the state must wait for it.
        assertThat(state.awaitReads(1)).isFalse();
        goOn.release();
        state.close();
        queryThread.get().join(10_000);
        assertThat(queryThread.get().isAlive()).isFalse();
        assertThat(running.answers()).isEqualTo(1);
    }

    @Test
    void shouldFail_whenNoThreadCanBeMade() {
        try (TestRegistry broken = new TestRegistry(TestRegistry.options().queryThreadFactory(task -> {
            throw new OutOfMemoryError("unable to create native thread");
        }))) {
            RegisteredKvState state = broken.register(this::readWhenTold, ReadMode.pooled());
            broken.read(state).assertFailed(ErrorCode.SHUTTING_DOWN);
            broken.read(state).assertFailed(ErrorCode.SHUTTING_DOWN);
        }
    }

    private void blockTheThread() throws InterruptedException {
        test.read(blocking.kvStateId(), Duration.ofMinutes(10));
        reading.acquire();
    }

    private List<RecordedRead> fillTheQueue() {
        List<RecordedRead> reads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            reads.add(test.read(blocking));
        }
        return reads;
    }

    private RecordedRead largeRead(int bytes) {
        return new RecordedRead(new byte[bytes], test.newRead(BUDGET).deadlineNanos());
    }
}
