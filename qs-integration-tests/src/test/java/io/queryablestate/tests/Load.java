package io.queryablestate.tests;

import io.queryablestate.client.QueryableState;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.QueryableStateException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * A closed loop of reads over counters that only grow, checked as it goes: an answer is right if it is not below what the
 * counter was known to be before the read, and not above what it was after it.
 */
final class Load {

    private final QueryableState<Long, Long> state;
    private final AtomicLongArray written;
    private final AtomicLongArray announced;
    private final LongAdder answers = new LongAdder();
    private final LongAdder twice = new LongAdder();
    private final AtomicLong slowestNanos = new AtomicLong();
    private final Map<ErrorCode, LongAdder> errors = new EnumMap<>(ErrorCode.class);
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;
    private final CountDownLatch finished;

    /**
     * Does not start yet.
     *
     * @param announced what each counter may be by now: raised before it is written
     * @param written what each counter is at least: raised after it is written
     */
    Load(QueryableState<Long, Long> state, AtomicLongArray announced, AtomicLongArray written, int concurrency) {
        this.state = state;
        this.announced = announced;
        this.written = written;
        this.finished = new CountDownLatch(concurrency);
        for (ErrorCode code : ErrorCode.values()) {
            errors.put(code, new LongAdder());
        }
    }

    void start() {
        for (long i = finished.getCount(); i > 0; i--) {
            next();
        }
    }

    /** Ends the loop; false if a request was still pending after the time. */
    boolean stop(long seconds) throws InterruptedException {
        stopped = true;
        return finished.await(seconds, TimeUnit.SECONDS);
    }

    private void next() {
        if (stopped) {
            finished.countDown();
            return;
        }
        int key = ThreadLocalRandom.current().nextInt(written.length());
        long atLeast = written.get(key);
        long start = System.nanoTime();
        AtomicInteger completions = new AtomicInteger();
        state.get((long) key).whenComplete((answer, error) -> {
            if (completions.incrementAndGet() > 1) {
                twice.increment();
            }
            slowestNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
            if (error != null) {
                count(error);
            } else {
                check(key, atLeast, answer);
            }
            next();
        });
    }

    private void count(Throwable error) {
        if (error instanceof QueryableStateException typed) {
            errors.get(typed.code()).increment();
        } else {
            wrong.add("untyped " + error);
        }
    }

    private void check(int key, long atLeast, Optional<Long> answer) {
        if (answer.isEmpty()) {
            wrong.add("key " + key + " was absent");
        } else if (answer.get() < atLeast || answer.get() > announced.get(key)) {
            wrong.add("key " + key + " was " + answer.get() + ", not within " + atLeast + " to " + announced.get(key));
        } else {
            answers.increment();
        }
    }

    long answers() {
        return answers.sum();
    }

    long errors() {
        return errors.values().stream().mapToLong(LongAdder::sum).sum();
    }

    String errorsByCode() {
        StringBuilder text = new StringBuilder();
        errors.forEach((code, count) -> {
            if (count.sum() > 0) {
                text.append(code).append('=').append(count.sum()).append(' ');
            }
        });
        return text.toString();
    }

    long completedTwice() {
        return twice.sum();
    }

    Iterable<String> wrong() {
        return wrong;
    }

    long slowestMillis() {
        return TimeUnit.NANOSECONDS.toMillis(slowestNanos.get());
    }
}
