package io.queryablestate.network;

import io.queryablestate.messages.ErrorCode;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Keeps plain counters of everything it is told. Thread-safe. */
public final class CountingStats implements RequestStats {

    private final LongAdder opened = new LongAdder();
    private final LongAdder closed = new LongAdder();
    private final LongAdder started = new LongAdder();
    private final LongAdder succeeded = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder abandoned = new LongAdder();
    private final LongAdder durations = new LongAdder();
    private final Map<ErrorCode, LongAdder> failures = new EnumMap<>(ErrorCode.class);

    /** All counters at zero. */
    public CountingStats() {
        for (ErrorCode code : ErrorCode.values()) {
            failures.put(code, new LongAdder());
        }
    }

    @Override
    public void connectionOpened() {
        opened.increment();
    }

    @Override
    public void connectionClosed() {
        closed.increment();
    }

    @Override
    public void requestStarted() {
        started.increment();
    }

    @Override
    public void requestSucceeded(long nanos) {
        succeeded.increment();
        durations.add(nanos);
    }

    @Override
    public void requestFailed(ErrorCode code, long nanos) {
        failuresOf(code).increment();
        durations.add(nanos);
    }

    @Override
    public void requestRetried() {
        retries.increment();
    }

    @Override
    public void requestAbandoned() {
        abandoned.increment();
    }

    /** Connections that are open now. */
    public long openConnections() {
        return opened.sum() - closed.sum();
    }

    /** Connections ever opened. */
    public long connections() {
        return opened.sum();
    }

    /** Requests ever started. */
    public long requests() {
        return started.sum();
    }

    /** Requests that ended with a value or an absence. */
    public long successes() {
        return succeeded.sum();
    }

    /** Requests that ended with an error. */
    public long failures() {
        return failures.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** Requests that ended with this error. */
    public long failures(ErrorCode code) {
        return failuresOf(code).sum();
    }

    /** Attempts that were made after a first one. */
    public long retries() {
        return retries.sum();
    }

    /** Requests whose asker went away. */
    public long abandoned() {
        return abandoned.sum();
    }

    /** Requests that have started and not ended. */
    public long inFlight() {
        return requests() - successes() - failures() - abandoned();
    }

    /** Time that ended requests took together, in nanoseconds. */
    public long totalNanos() {
        return durations.sum();
    }

    private LongAdder failuresOf(ErrorCode code) {
        LongAdder adder = failures.get(code);
        if (adder == null) {
            throw new IllegalArgumentException("unknown code " + code);
        }
        return adder;
    }

    @Override
    public String toString() {
        return requests() + " requests, " + successes() + " answered, " + failures() + " failed, " + abandoned()
                + " abandoned, " + retries() + " retries, " + openConnections() + " connections open";
    }
}
