package io.queryablestate.gates;

import io.queryablestate.client.QueryableState;
import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads of {@link StampedState}, each answer checked: of the key that was asked, read between the start and the end of
 * the request, of no earlier incarnation than is known to be gone. Thread-safe.
 */
final class Reads {

    private static final int KEYS = 10_000;
    private static final Duration STUCK = Duration.ofSeconds(10);

    private final GateRun run;
    private final QueryableState<Long, byte[]> state;
    private final Duration timeout;
    private final AtomicLong oldestIncarnation = new AtomicLong();
    private volatile boolean bytesAreChanged;

    Reads(GateRun run, QueryableStateClient client, Duration timeout) {
        this(run, client, timeout, StampedState.NAME);
    }

    Reads(GateRun run, QueryableStateClient client, Duration timeout, String stateName) {
        this.run = run;
        this.timeout = timeout;
        this.state = client.state(
                        StampedState.JOB, stateName, Serializers.LONG, StateDescriptor.value(Serializers.BYTES))
                .withTimeout(timeout);
    }

    /** Answers of earlier incarnations are wrong from now on, for requests that start from now on. */
    void forget(long incarnationsBefore) {
        oldestIncarnation.set(incarnationsBefore);
    }

    /** Whether the gate changes bytes on the way: answers that show it are counted, and neither right nor wrong. */
    void bytesAreChanged(boolean changed) {
        bytesAreChanged = changed;
    }

    /** Asks for a key of chance. */
    CompletableFuture<Optional<byte[]>> ask() {
        return ask(ThreadLocalRandom.current().nextLong(KEYS));
    }

    CompletableFuture<Optional<byte[]>> ask(long key) {
        long oldest = oldestIncarnation.get();
        boolean noticed = bytesAreChanged;
        long start = System.nanoTime();
        CompletableFuture<Optional<byte[]>> asked = state.get(key);
        run.ledger().follow(timeout, asked, start, (answer, began, ended) -> {
            String fault = fault(key, oldest, answer, began, ended);
            return fault != null && (noticed || bytesAreChanged) ? Ledger.CORRUPT : fault;
        });
        return asked;
    }

    private static @Nullable String fault(
            long key, long oldest, Optional<byte[]> answer, long startNanos, long endNanos) {
        if (answer.isEmpty()) {
            return "key " + key + " was absent";
        }
        Optional<GateValue> value = GateValue.decode(answer.get());
        if (value.isEmpty()) {
            return "key " + key + ": torn or changed";
        }
        GateValue found = value.get();
        if (found.key() != key) {
            return "key " + key + ": the value of key " + found.key();
        }
        if (found.version() - startNanos < 0 || found.version() - endNanos > 0) {
            return "key " + key + ": read " + (found.version() - startNanos) / 1_000_000
                    + " ms after the request began";
        }
        return found.incarnation() < oldest ? "key " + key + ": of incarnation " + found.incarnation() : null;
    }

    /**
     * Asks so many times, so many at a time, and waits for the last answer.
     *
     * @throws IllegalStateException if requests do not end, long after their time
     */
    void burst(int requests, int inFlight) throws InterruptedException {
        Semaphore free = new Semaphore(inFlight);
        for (int i = 0; i < requests; i++) {
            acquire(free, 1);
            ask().whenComplete((answer, failure) -> free.release());
        }
        acquire(free, inFlight);
    }

    private void acquire(Semaphore free, int permits) throws InterruptedException {
        Duration most = timeout.plus(STUCK);
        if (!free.tryAcquire(permits, most.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("requests with a timeout of " + timeout + " have not ended after " + most);
        }
    }
}
