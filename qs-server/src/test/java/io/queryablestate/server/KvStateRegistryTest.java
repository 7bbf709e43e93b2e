package io.queryablestate.server;

import static io.queryablestate.server.TestRegistry.BUDGET;
import static io.queryablestate.server.TestRegistry.bytes;
import static io.queryablestate.server.TestRegistry.offer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.queryablestate.messages.CatalogueEntry;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.KvStateId;
import io.queryablestate.messages.QueryableStateException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// A close that waits for ever also ignores the interrupt by which a test on its own thread would be ended.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KvStateRegistryTest {

    private final TestRegistry test = new TestRegistry();
    private final HeapKvState heap = new HeapKvState();

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void shouldAnswerOnTheCallersThread_whenTheStateIsInline() {
        heap.put(bytes("key"), bytes("value"));
        RecordedRead read = test.read(test.register(heap, ReadMode.inline()));
        read.assertValue(bytes("value"));
        assertThat(read.answeredOn()).isSameAs(Thread.currentThread());
    }

    @Test
    void shouldAnswerAbsent_whenTheKeyIsUnknown() {
        test.read(test.register(heap, ReadMode.inline())).assertValue(null);
    }

    @Test
    void shouldFail_whenTheIdIsUnknown() {
        test.read(KvStateId.random(), BUDGET).assertFailed(ErrorCode.UNKNOWN_KV_STATE_ID);
    }

    @Test
    void shouldFail_whenTheKeyGroupIsNotHeld() {
        RegisteredKvState state = test.register(heap, ReadMode.inline());
        RecordedRead read = test.newRead(BUDGET);
        test.registry.read(state.kvStateId(), 64, read);
        read.assertFailed(ErrorCode.WRONG_KEY_GROUP);
        assertThat(read.text()).contains("64").contains("0-63");
    }

    @Test
    void shouldSkipTheCheck_whenTheKeyGroupIsNotTold() {
        RegisteredKvState state = test.register(heap, ReadMode.inline());
        RecordedRead read = test.newRead(BUDGET);
        test.registry.read(state.kvStateId(), KvStateRegistry.KEY_GROUP_NOT_TOLD, read);
        read.assertValue(null);
    }

    @Test
    void shouldKeepDetailsToItself_whenReadingThrows() {
        RecordedRead read = test.read(test.register(
                (key, context) -> {
                    throw new IllegalStateException("secret of class X");
                },
                ReadMode.inline()));
        read.assertFailed(ErrorCode.STATE_FAILED);
        assertThat(read.text()).doesNotContain("secret").doesNotContain("Exception");
    }

    @Test
    void shouldFail_whenReadingEndsInAnError() {
        test.read(test.register(
                        (key, context) -> {
                            throw new StackOverflowError();
                        },
                        ReadMode.inline()))
                .assertFailed(ErrorCode.STATE_FAILED);
    }

    @Test
    void shouldPassTheCodeOn_whenReadingThrowsOneOfOurs() {
        RecordedRead read = test.read(test.register(
                (key, context) -> {
                    throw new QueryableStateException(ErrorCode.SERIALIZER_MISMATCH, "3 bytes too many");
                },
                ReadMode.inline()));
        read.assertFailed(ErrorCode.SERIALIZER_MISMATCH);
        assertThat(read.text()).isEqualTo("3 bytes too many");
    }

    @Test
    void shouldRestoreTheFlag_whenAReadIsInterrupted() {
        RegisteredKvState state = test.register(
                (key, context) -> {
                    throw new InterruptedException();
                },
                ReadMode.inline());
        RecordedRead read = test.read(state);
        assertThat(Thread.interrupted()).isTrue();
        read.assertFailed(ErrorCode.STATE_FAILED);
    }

    @Test
    void shouldFail_whenTheValueExceedsTheLimit() {
        try (TestRegistry small = new TestRegistry(TestRegistry.options().responseLimit(3))) {
            RegisteredKvState state = small.register(heap, ReadMode.inline());
            heap.put(bytes("key"), bytes("123"));
            small.read(state).assertValue(bytes("123"));
            heap.put(bytes("key"), bytes("1234"));
            small.read(state).assertFailed(ErrorCode.FRAME_TOO_LARGE);
        }
    }

    @Test
    void shouldNotTouchTheState_whenAReadIsPointless() {
        AtomicInteger touched = new AtomicInteger();
        RegisteredKvState state = test.register(
                (key, context) -> {
                    touched.incrementAndGet();
                    return null;
                },
                ReadMode.inline());
        test.read(state.kvStateId(), Duration.ZERO).assertFailed(ErrorCode.DEADLINE_EXCEEDED);
        RecordedRead abandoned = test.newRead(BUDGET);
        abandoned.abandon();
        test.read(state.kvStateId(), abandoned).assertFailed(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(touched).hasValue(0);
    }

    @Test
    void shouldStopALongRead_whenItsDeadlinePasses() {
        test.read(test.register(
                        (key, context) -> {
                            context.check(0);
                            test.time.pass(BUDGET);
                            context.check(0);
                            return bytes("too late");
                        },
                        ReadMode.inline()))
                .assertFailed(ErrorCode.DEADLINE_EXCEEDED);
    }

    @Test
    void shouldStopALongRead_whenItsAskerHasGone() {
        RecordedRead read = test.newRead(BUDGET);
        RegisteredKvState state = test.register(
                (key, context) -> {
                    read.abandon();
                    context.check(0);
                    return bytes("for nobody");
                },
                ReadMode.inline());
        test.read(state.kvStateId(), read).assertFailed(ErrorCode.DEADLINE_EXCEEDED);
    }

    @Test
    void shouldStopALongRead_whenTheAnswerGrowsTooLarge() {
        test.read(test.register(
                        (key, context) -> {
                            context.check(64L << 20);
                            context.check((64L << 20) + 1);
                            return null;
                        },
                        ReadMode.inline()))
                .assertFailed(ErrorCode.FRAME_TOO_LARGE);
    }

    @Test
    void shouldReturnTheLease_beforeAnswering() {
        RegisteredKvState state = test.register(heap, ReadMode.inline());
        RecordedRead closesState =
                new RecordedRead(bytes("key"), test.newRead(BUDGET).deadlineNanos()) {
                    @Override
                    public void succeed(byte @Nullable [] value) {
                        state.close(); // Would wait for ever if the lease were still out.
                        super.succeed(value);
                    }
                };
        test.read(state.kvStateId(), closesState).assertValue(null);
    }

    @Test
    void shouldNotThrow_whenAnAskerThrows() {
        RegisteredKvState state = test.register(heap, ReadMode.inline());
        RecordedRead throwing =
                new RecordedRead(bytes("key"), test.newRead(BUDGET).deadlineNanos()) {
                    @Override
                    public void succeed(byte @Nullable [] value) {
                        super.succeed(value);
                        throw new IllegalStateException("asker");
                    }

                    @Override
                    public void fail(ErrorCode code, String text) {
                        super.fail(code, text);
                        throw new IllegalStateException("asker");
                    }
                };
        test.read(state.kvStateId(), throwing).assertValue(null);
        assertThat(throwing.answers()).isEqualTo(1);
        RecordedRead unknown = new RecordedRead(bytes("key"), 0) {
            @Override
            public void fail(ErrorCode code, String text) {
                super.fail(code, text);
                throw new IllegalStateException("asker");
            }
        };
        test.read(KvStateId.random(), unknown).assertFailed(ErrorCode.UNKNOWN_KV_STATE_ID);
    }

    @Test
    void shouldFail_whenTheStateWasClosed() {
        RegisteredKvState state = test.register(heap, ReadMode.inline());
        state.close();
        state.close();
        test.read(state).assertFailed(ErrorCode.UNKNOWN_KV_STATE_ID);
        assertThat(test.registry.catalogue()).isEmpty();
    }

    @Test
    void shouldListWhatIsRegistered_inOrder() {
        RegisteredKvState first = test.registry.register(
                offer(heap, ReadMode.inline()).stateName("a").build());
        test.registry.register(offer(heap, ReadMode.inline()).stateName("c").build());
        test.registry.register(offer(heap, ReadMode.inline()).stateName("b").build());
        assertThat(test.registry.catalogue())
                .extracting(CatalogueEntry::stateName)
                .containsExactly("a", "c", "b");
        first.close();
        assertThat(test.registry.catalogue())
                .extracting(CatalogueEntry::stateName)
                .containsExactly("c", "b");
    }

    @Test
    void shouldRefuseToRegister_whenTheIdIsInUse() {
        KvStateId id = KvStateId.random();
        heap.put(bytes("key"), bytes("value"));
        test.registry.register(offer(heap, ReadMode.inline()).kvStateId(id).build());
        KvStateRegistration again =
                offer(new HeapKvState(), ReadMode.inline()).kvStateId(id).build();
        assertThatThrownBy(() -> test.registry.register(again)).isInstanceOf(IllegalArgumentException.class);
        test.read(id, BUDGET).assertValue(bytes("value"));
    }

    @Test
    void shouldRefuseToRegister_whenTheOwnerQueueIsOfAnotherRegistry() {
        try (TestRegistry other = new TestRegistry()) {
            KvStateRegistration registration = offer(heap, ReadMode.owner(other.registry.newOwnerQueue(Runnable::run)))
                    .build();
            assertThatThrownBy(() -> test.registry.register(registration)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void shouldFailEverything_whenClosed() {
        RegisteredKvState inline = test.register(heap, ReadMode.inline());
        RegisteredKvState owned = test.register(heap, ReadMode.owner(test.registry.newOwnerQueue(task -> {})));
        RecordedRead queued = test.read(owned);
        test.registry.close();
        test.registry.close();
        queued.assertFailed(ErrorCode.SHUTTING_DOWN);
        test.read(inline).assertFailed(ErrorCode.SHUTTING_DOWN);
        assertThatThrownBy(() -> test.register(heap, ReadMode.inline())).isInstanceOf(IllegalStateException.class);
        assertThat(test.registry.catalogue()).isEmpty();
        inline.close();
    }

    @Test
    void shouldHoldNothingOfTheJob_whenARegistrationIsClosed() {
        try (KvStateRegistry registry = new KvStateRegistry(
                KvStateRegistryOptions.builder().closeTimeout(Duration.ZERO).build())) {
            RegisteredKvState[] closed = new RegisteredKvState[1];
            List<WeakReference<?>> dropped = registerReadAndClose(registry, closed);
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                System.gc();
                assertThat(dropped)
                        .allSatisfy(reference -> assertThat(reference.get()).isNull());
            });
            // Both outlive the job here, so that it is they who would hold on to it.
            registry.read(closed[0].kvStateId(), 0, new RecordedRead(bytes("key"), 0));
        }
    }

    /** Apart, so that no local variable of the test holds what must go. */
    private static List<WeakReference<?>> registerReadAndClose(KvStateRegistry registry, RegisteredKvState[] closed) {
        byte[] ofTheJob = bytes("value");
        KvState state = (key, context) -> ofTheJob;
        AtomicInteger submitted = new AtomicInteger();
        Executor owner = task -> submitted.incrementAndGet();
        OwnerQueue queue = registry.newOwnerQueue(owner);
        closed[0] = registry.register(offer(state, ReadMode.owner(queue)).build());
        RecordedRead read = new RecordedRead(
                bytes("key"), System.nanoTime() + Duration.ofMinutes(5).toNanos());
        registry.read(closed[0].kvStateId(), 0, read);
        assertThat(submitted).hasValue(1);
        assertThat(queue.queuedReads()).isEqualTo(1);
        closed[0].close();
        read.assertFailed(ErrorCode.UNKNOWN_KV_STATE_ID);
        return List.of(
                new WeakReference<>(state),
                new WeakReference<>(owner),
                new WeakReference<>(queue),
                new WeakReference<>(read));
    }
}
