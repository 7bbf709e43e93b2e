package io.queryablestate.server;

import static io.queryablestate.server.TestRegistry.BUDGET;
import static io.queryablestate.server.TestRegistry.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.queryablestate.messages.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// A close that waits for ever also ignores the interrupt by which a test on its own thread would be ended.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DrainingOwnerQueueTest {

    private static final Duration HUNDRED_MICROS = Duration.ofNanos(100_000);
    private static final Duration AROUND_A_DRAIN = Duration.ofNanos(DrainingOwnerQueue.NANOS_AROUND_A_DRAIN);

    private final TestRegistry test = new TestRegistry(
            TestRegistry.options().queueLength(8).ownerBatchSize(4).ownerShare(0.1));
    private final ManualExecutor owner = new ManualExecutor();
    private final OwnerQueue queue = test.registry.newOwnerQueue(owner);
    private final AtomicInteger touched = new AtomicInteger();
    private final RegisteredKvState state = test.register(this::count, ReadMode.owner(queue));

    private byte[] count(byte[] key, ReadContext context) {
        touched.incrementAndGet();
        return bytes("value");
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void shouldReadOnTheOwnersThread_whenTheOwnerComes() {
        RecordedRead read = test.read(state);
        read.assertUnanswered();
        assertThat(touched).hasValue(0);
        owner.runOne();
        read.assertValue(bytes("value"));
    }

    @Test
    void shouldSubmitOneDrain_whenManyReadsOfManyStatesWait() {
        RegisteredKvState other = test.register(this::count, ReadMode.owner(queue));
        List<RecordedRead> reads = List.of(test.read(state), test.read(other), test.read(state));
        assertThat(owner.waiting()).isEqualTo(1);
        owner.runOne();
        reads.forEach(read -> read.assertValue(bytes("value")));
        assertThat(owner.waiting()).isZero();
    }

    @Test
    void shouldEndTheDrainAndSubmitAnother_whenTheBatchIsFull() {
        List<RecordedRead> reads = readTimes(6);
        owner.runOne();
        assertThat(reads).extracting(RecordedRead::answers).containsExactly(1, 1, 1, 1, 0, 0);
        test.time.advance(Duration.ofMillis(1));
        assertThat(owner.waiting()).isEqualTo(1);
        owner.runOne();
        assertThat(reads).extracting(RecordedRead::answers).containsOnly(1);
    }

    @Test
    void shouldReadABatchInChunks_withOthersInBetween() {
        List<RecordedRead> batch = readBatch(state, 6);
        RecordedRead other = test.read(state);
        owner.runOne();
        assertThat(batch).extracting(RecordedRead::answers).containsExactly(1, 1, 1, 1, 0, 0);
        other.assertUnanswered();

        test.time.advance(Duration.ofMillis(1));
        assertThat(owner.waiting()).isEqualTo(1);
        owner.runOne();
        assertThat(batch).extracting(RecordedRead::answers).containsOnly(1);
        other.assertValue(bytes("value"));
    }

    @Test
    void shouldEndTheChunkOfABatch_whenItsTimeIsUp() {
        List<RecordedRead> batch = readBatch(slowState(Duration.ofMillis(1)), 3);
        owner.runOne();
        assertThat(batch).extracting(RecordedRead::answers).containsExactly(1, 0, 0);
    }

    @Test
    void shouldFailTheRestOfABatch_whenItsStateIsClosedBetweenChunks() {
        List<RecordedRead> batch = readBatch(state, 6);
        owner.runOne();
        state.close();
        batch.subList(0, 4).forEach(read -> read.assertValue(bytes("value")));
        batch.subList(4, 6).forEach(read -> read.assertFailed(ErrorCode.UNKNOWN_KV_STATE_ID));
        assertThat(queue.queuedReads()).isZero();
    }

    private List<RecordedRead> readBatch(RegisteredKvState of, int keys) {
        List<RecordedRead> reads =
                Stream.generate(() -> test.newRead(BUDGET)).limit(keys).toList();
        int[] keyGroups = reads.stream().mapToInt(read -> 7).toArray();
        test.registry.read(of.kvStateId(), keyGroups, reads);
        return reads;
    }

    @Test
    void shouldEndTheDrain_whenItsTimeIsUp() {
        RegisteredKvState slow = slowState(Duration.ofMillis(1));
        RecordedRead first = test.read(slow);
        RecordedRead second = test.read(slow);
        owner.runOne();
        first.assertValue(null);
        second.assertUnanswered();
    }

    @Test
    void shouldStayAwayFromTheOwner_untilTheShareAllowsIt() {
        RegisteredKvState slow = slowState(HUNDRED_MICROS);
        test.read(slow);
        owner.runOne();
        RecordedRead next = test.read(slow);
        // 100 µs of reading, and what a drain costs beside it, are a tenth: the owner has nine times that to itself.
        test.time.advance(HUNDRED_MICROS.plus(AROUND_A_DRAIN).multipliedBy(9).minusNanos(1));
        assertThat(owner.waiting()).isZero();
        test.time.advance(Duration.ofNanos(1));
        assertThat(owner.waiting()).isEqualTo(1);
        owner.runOne();
        next.assertValue(null);
    }

    @Test
    void shouldSubmitAtOnce_whenThePauseHasPassed() {
        RegisteredKvState slow = slowState(HUNDRED_MICROS);
        test.read(slow);
        owner.runOne();
        test.time.advance(Duration.ofMillis(2));
        test.read(slow);
        assertThat(owner.waiting()).isEqualTo(1);
    }

    @Test
    void shouldTakeNoMoreThanTheShare_whenFlooded() {
        RegisteredKvState slow = slowState(HUNDRED_MICROS);
        long start = test.time.getAsLong();
        long reading = 0;
        AtomicInteger overloaded = new AtomicInteger();
        while (test.time.getAsLong() - start < Duration.ofSeconds(1).toNanos()) {
            while (queue.queuedReads() < 8) {
                test.read(slow);
            }
            test.read(slow).assertFailed(ErrorCode.OVERLOADED);
            overloaded.incrementAndGet();
            if (owner.waiting() > 0) {
                long before = test.time.getAsLong();
                owner.runOne();
                reading += test.time.getAsLong() - before;
            }
            test.time.advance(HUNDRED_MICROS);
        }
        long total = test.time.getAsLong() - start;
        // A tenth of the time is for drains, of which 400 of 440 µs are reading.
        assertThat((double) reading / total).isBetween(0.05, 0.092);
        assertThat(overloaded).hasPositiveValue();
    }

    @Test
    void shouldRefuseAtOnce_whenThePauseOutlastsTheDeadline() {
        RegisteredKvState slow = slowState(Duration.ofMillis(500));
        test.read(slow);
        owner.runOne();
        test.read(slow).assertFailed(ErrorCode.OVERLOADED);
        test.read(slow.kvStateId(), Duration.ofSeconds(5)).assertUnanswered();
    }

    @Test
    void shouldRefuse_whenTheQueueIsFull() {
        List<RecordedRead> reads = readTimes(8);
        test.read(state).assertFailed(ErrorCode.OVERLOADED);
        reads.forEach(RecordedRead::assertUnanswered);
        assertThat(queue.queuedReads()).isEqualTo(8);
    }

    @Test
    void shouldEndReadsAtTheirDeadline_whenTheOwnerNeverComes() {
        RecordedRead early = test.read(state.kvStateId(), Duration.ofMillis(50));
        RecordedRead late = test.read(state.kvStateId(), BUDGET);
        owner.loseAll();
        test.time.advance(Duration.ofMillis(49));
        early.assertUnanswered();
        test.time.advance(Duration.ofMillis(21));
        early.assertFailed(ErrorCode.DEADLINE_EXCEEDED);
        late.assertUnanswered();
        test.time.advance(BUDGET);
        late.assertFailed(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(queue.queuedReads()).isZero();
        assertThat(test.time.scheduledTasks()).isZero();
    }

    @Test
    void shouldEndEveryRead_whenTheOwnerIsLostForGood() {
        test.read(state);
        owner.loseAll();
        test.time.advance(BUDGET);
        RecordedRead later = test.read(state);
        assertThat(owner.waiting()).isZero();
        test.time.advance(BUDGET.plusMillis(20));
        later.assertFailed(ErrorCode.DEADLINE_EXCEEDED);
    }

    @Test
    void shouldFailWhatWaits_whenTheOwnerRejects() {
        owner.refuseWith(new RejectedExecutionException("mailbox closed"));
        test.read(state).assertFailed(ErrorCode.SHUTTING_DOWN);
        owner.refuseWith(new IllegalStateException("broken"));
        test.read(state).assertFailed(ErrorCode.SHUTTING_DOWN);
        owner.refuseWith(null);
        RecordedRead recovered = test.read(state);
        owner.runOne();
        recovered.assertValue(bytes("value"));
    }

    @Test
    void shouldNotThrowIntoTheOwner_whenStateAndAskerThrow() {
        RegisteredKvState broken = test.register(
                (key, context) -> {
                    throw new AssertionError("state");
                },
                ReadMode.owner(queue));
        RecordedRead throwing =
                new RecordedRead(bytes("key"), test.newRead(BUDGET).deadlineNanos()) {
                    @Override
                    public void fail(ErrorCode code, String text) {
                        super.fail(code, text);
                        throw new AssertionError("asker");
                    }
                };
        test.read(broken.kvStateId(), throwing);
        RecordedRead next = test.read(state);
        owner.runOne();
        throwing.assertFailed(ErrorCode.STATE_FAILED);
        next.assertValue(bytes("value"));
    }

    @Test
    void shouldNotTouchTheState_whenWaitingReadsBecamePointless() {
        RecordedRead expired = test.read(state.kvStateId(), Duration.ofMillis(1));
        RecordedRead abandoned = test.read(state);
        RecordedRead live = test.read(state);
        test.time.pass(Duration.ofMillis(1));
        abandoned.abandon();
        owner.runOne();
        expired.assertFailed(ErrorCode.DEADLINE_EXCEEDED);
        abandoned.assertFailed(ErrorCode.DEADLINE_EXCEEDED);
        live.assertValue(bytes("value"));
        assertThat(touched).hasValue(1);
    }

    @Test
    void shouldFailWhatWaitsAndNotWait_whenClosedOnTheOwnersThread() {
        RegisteredKvState other = test.register(this::count, ReadMode.owner(queue));
        RecordedRead ofClosed = test.read(state);
        RecordedRead ofOther = test.read(other);
        state.close();
        ofClosed.assertFailed(ErrorCode.UNKNOWN_KV_STATE_ID);
        ofOther.assertUnanswered();
        owner.runOne();
        ofOther.assertValue(bytes("value"));
        assertThat(touched).hasValue(1);
    }

    @Test
    void shouldNotQueue_whenTheStateClosesAfterItWasLookedUp() {
        RecordedRead late = new RecordedRead(bytes("key"), test.newRead(BUDGET).deadlineNanos()) {
            @Override
            public byte[] keyAndNamespace() {
                state.refuse(ErrorCode.UNKNOWN_KV_STATE_ID, "closing");
                return super.keyAndNamespace();
            }
        };
        test.read(state.kvStateId(), late).assertFailed(ErrorCode.UNKNOWN_KV_STATE_ID);
        assertThat(queue.queuedReads()).isZero();
    }

    @Test
    void shouldDoNothing_whenTheDrainFindsEverythingClosed() {
        RecordedRead read = test.read(state);
        state.close();
        owner.runOne();
        assertThat(read.answers()).isEqualTo(1);
        assertThat(touched).hasValue(0);
        assertThat(owner.waiting()).isZero();
    }

    @Test
    void shouldNotWaitForItself_whenClosedInsideItsOwnRead() {
        List<RegisteredKvState> self = new ArrayList<>();
        self.add(test.register(
                (key, context) -> {
                    self.get(0).close();
                    self.get(0).close();
                    context.check(0);
                    return bytes("from a closed state");
                },
                ReadMode.owner(queue)));
        RecordedRead read = test.read(self.get(0));
        owner.runOne();
        read.assertFailed(ErrorCode.UNKNOWN_KV_STATE_ID);
    }

    @Test
    void shouldWaitForTheRunningRead_whenClosedOnAnotherThread() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        RegisteredKvState slow = test.register(
                (key, context) -> {
                    reading.countDown();
                    goOn.await();
                    return null;
                },
                ReadMode.owner(queue));
        test.read(slow);
        Thread ownersThread = new Thread(owner::runOne);
        ownersThread.start();
        assertThat(reading.await(10, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> closed = CompletableFuture.runAsync(slow::close);
        assertThatThrownBy(() -> closed.get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        goOn.countDown();
        ownersThread.join(10_000);
        closed.get(10, TimeUnit.SECONDS);
        assertThat(slow.lease().out()).isZero();
    }

    private RegisteredKvState slowState(Duration readTime) {
        return test.register(
                (key, context) -> {
                    test.time.pass(readTime);
                    return null;
                },
                ReadMode.owner(queue));
    }

    private List<RecordedRead> readTimes(int times) {
        List<RecordedRead> reads = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            reads.add(test.read(state));
        }
        return reads;
    }
}
