package io.queryablestate.gates;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.QueryableStateException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Every request of a gate, from its start to its end. Thread-safe. */
final class Ledger {

    static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** What a check says of an answer that the gate itself has changed on the way, and that shows it. */
    static final String CORRUPT = "changed on the way";

    private static final int SAMPLES = 5;

    private final Stalls stalls;
    private final LongAdder issued = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final LongAdder ok = new LongAdder();
    private final LongAdder untyped = new LongAdder();
    private final LongAdder wrong = new LongAdder();
    private final LongAdder corrupt = new LongAdder();
    private final LongAdder late = new LongAdder();
    private final AtomicLong latestNanos = new AtomicLong(Long.MIN_VALUE);
    private final Map<ErrorCode, LongAdder> typed = new EnumMap<>(ErrorCode.class);
    private final ConcurrentLinkedQueue<String> samples = new ConcurrentLinkedQueue<>();

    Ledger(Stalls stalls) {
        this.stalls = stalls;
        for (ErrorCode code : ErrorCode.values()) {
            typed.put(code, new LongAdder());
        }
    }

    /** Judges a value. */
    @FunctionalInterface
    interface Check {
        /** What is wrong with an answer, null for nothing; empty for an absence. */
        @Nullable
        String fault(Optional<byte[]> answer, long startNanos, long endNanos);
    }

    /**
     * Follows a request to its end.
     *
     * @param deadline by which it must have ended, and 100 ms more
     */
    <R extends CompletableFuture<Optional<byte[]>>> R follow(
            Duration deadline, R request, long startNanos, Check check) {
        issued.increment();
        request.whenComplete((answer, failure) -> {
            long end = System.nanoTime();
            judgeTime(startNanos, end, deadline);
            if (failure == null) {
                judge(check.fault(answer, startNanos, end));
            } else {
                count(failure);
            }
            ended.increment();
        });
        return request;
    }

    private void judgeTime(long start, long end, Duration deadline) {
        long over = end - start - deadline.toNanos();
        latestNanos.accumulateAndGet(over, Math::max);
        if (over > GRACE_NANOS && over > GRACE_NANOS + stalls.nanosBetween(start, end)) {
            late.increment();
            sample("late: " + TimeUnit.NANOSECONDS.toMillis(over) + " ms after its deadline");
        }
    }

    private void judge(@Nullable String fault) {
        if (fault == null) {
            ok.increment();
        } else if (fault.equals(CORRUPT)) {
            corrupt.increment();
        } else {
            wrong.increment();
            sample("wrong: " + fault);
        }
    }

    private void count(Throwable failure) {
        LongAdder counter = typed.get(codeOf(failure));
        if (counter != null) {
            counter.increment();
        } else {
            untyped.increment();
            sample("untyped: " + failure);
        }
    }

    /** The code of a failure; null if it has none. */
    static @Nullable ErrorCode codeOf(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof QueryableStateException coded ? coded.code() : null;
    }

    private void sample(String text) {
        if (samples.size() < SAMPLES) {
            samples.add(text);
        }
    }

    /** Waits until every request has ended; false if that takes longer. */
    boolean awaitAll(Duration most) {
        long end = System.nanoTime() + most.toNanos();
        while (pending() > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        return pending() == 0;
    }

    long issued() {
        return issued.sum();
    }

    long ok() {
        return ok.sum();
    }

    long pending() {
        return issued.sum() - ended.sum();
    }

    long typedErrors() {
        return typed.values().stream().mapToLong(LongAdder::sum).sum();
    }

    long errors(ErrorCode code) {
        LongAdder counter = typed.get(code);
        return counter == null ? 0 : counter.sum();
    }

    long untypedErrors() {
        return untyped.sum();
    }

    long wrongValues() {
        return wrong.sum();
    }

    long corruptAnswers() {
        return corrupt.sum();
    }

    long lateRequests() {
        return late.sum();
    }

    long latestMillis() {
        return latestNanos.get() == Long.MIN_VALUE ? 0 : TimeUnit.NANOSECONDS.toMillis(latestNanos.get());
    }

    Iterable<String> samples() {
        return samples;
    }
}
