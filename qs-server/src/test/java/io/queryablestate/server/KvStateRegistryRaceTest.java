package io.queryablestate.server;

import static io.queryablestate.server.TestRegistry.bytes;
import static io.queryablestate.server.TestRegistry.offer;
import static org.assertj.core.api.Assertions.assertThat;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.KvStateId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** States come and go while threads read them: nobody reads a freed one, and every asker has one answer. */
@Timeout(120)
class KvStateRegistryRaceTest {

    private static final int STATES = 300;
    private static final int READERS = 3;
    private static final int SPINS_OF_A_READ = 200;
    private static final int IN_FLIGHT_PER_READER = 16;

    private final KvStateRegistry registry = new KvStateRegistry(KvStateRegistryOptions.builder()
            .queryThreads(2)
            .queueLength(16)
            .ownerBatchSize(4)
            .ownerShare(1)
            .build());
    private final ExecutorService owner = Executors.newSingleThreadExecutor(new DaemonThreads("owner"));
    private final OwnerQueue queue = registry.newOwnerQueue(owner);
    private final Queue<RecordedRead> reads = new ConcurrentLinkedQueue<>();
    private final AtomicInteger succeeded = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger readsOfFreedStates = new AtomicInteger();
    private volatile KvStateId current = KvStateId.random();
    private volatile boolean stopped;

    @AfterEach
    void close() {
        registry.close();
        owner.shutdownNow();
    }

    @ParameterizedTest
    @CsvSource({"inline, false", "pooled, false", "owner, false", "owner, true"})
    void shouldNeverReadAFreedState_whenStatesComeAndGo(String mode, boolean closeOnOwner) throws Exception {
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            Thread reader = new Thread(this::readAllTheTime, "reader-" + i);
            reader.start();
            readers.add(reader);
        }
        for (int i = 0; i < STATES; i++) {
            FreeableState state = new FreeableState();
            RegisteredKvState registered =
                    registry.register(offer(state, mode(mode)).build());
            current = registered.kvStateId();
            assertThat(state.wasRead.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
            if (closeOnOwner) {
                CompletableFuture.runAsync(() -> closeAndFree(registered, state), owner)
                        .get(10, TimeUnit.SECONDS);
            } else {
                closeAndFree(registered, state);
            }
        }
        stopped = true;
        for (Thread reader : readers) {
            reader.join(10_000);
            assertThat(reader.isAlive()).isFalse();
        }
        for (RecordedRead read : reads) {
            read.await();
        }
        assertThat(reads).allMatch(read -> read.answers() == 1);
        assertThat(readsOfFreedStates).hasValue(0);
        assertThat(succeeded.get()).isGreaterThanOrEqualTo(STATES);
        assertThat(refused).hasPositiveValue();
        assertThat(queue.queuedReads()).isZero();
    }

    private ReadMode mode(String name) {
        return switch (name) {
            case "inline" -> ReadMode.inline();
            case "pooled" -> ReadMode.pooled();
            default -> ReadMode.owner(queue);
        };
    }

    private static void closeAndFree(RegisteredKvState registered, FreeableState state) {
        registered.close();
        state.freed = true;
    }

    private void readAllTheTime() {
        Semaphore inFlight = new Semaphore(IN_FLIGHT_PER_READER);
        while (!stopped) {
            inFlight.acquireUninterruptibly();
            RecordedRead read = new CountedRead(inFlight);
            reads.add(read);
            registry.read(current, 7, read);
        }
    }

    /** Stands for native memory: reading it after it was freed would end the process. */
    private final class FreeableState implements KvState {

        private final Semaphore wasRead = new Semaphore(0);
        private volatile boolean freed;

        @Override
        public byte[] read(byte[] serializedKeyAndNamespace, ReadContext context) {
            countIfFreed();
            for (int i = 0; i < SPINS_OF_A_READ; i++) {
                Thread.onSpinWait();
            }
            countIfFreed();
            wasRead.release();
            return bytes("value");
        }

        private void countIfFreed() {
            if (freed) {
                readsOfFreedStates.incrementAndGet();
            }
        }
    }

    private final class CountedRead extends RecordedRead {

        private final Semaphore inFlight;

        CountedRead(Semaphore inFlight) {
            super(bytes("key"), System.nanoTime() + Duration.ofSeconds(2).toNanos());
            this.inFlight = inFlight;
        }

        @Override
        public void succeed(byte @Nullable [] value) {
            succeeded.incrementAndGet();
            super.succeed(value);
            inFlight.release();
        }

        @Override
        public void fail(ErrorCode code, String text) {
            refused.incrementAndGet();
            super.fail(code, text);
            inFlight.release();
        }
    }
}
