package io.queryablestate.network;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Warns at most once a second, however often something fails that peers can make fail, and says how many warnings it kept
 * back. Thread-safe; never throws, since a throwable that fails to print itself must not reach the thread that logs it:
 * that may be one which owns a state.
 */
public final class RateLimitedLog {

    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Logger log;
    private final LongSupplier nanoTime;
    private final AtomicLong nextNanos;
    private final AtomicLong keptBack = new AtomicLong();

    /**
     * Nothing has been logged yet.
     *
     * @param nanoTime a clock, in nanoseconds
     */
    public RateLimitedLog(Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
        this.nextNanos = new AtomicLong(nanoTime.getAsLong());
    }

    /** Warns of something that is no error of this program. */
    public void warn(String what) {
        warn(what, null);
    }

    /** Warns, or counts that it did not. */
    public void warn(String what, @Nullable Throwable error) {
        long now = nanoTime.getAsLong();
        long next = nextNanos.get();
        if (now - next < 0 || !nextNanos.compareAndSet(next, now + INTERVAL_NANOS)) {
            keptBack.incrementAndGet();
            return;
        }
        try {
            log.warn("{} ({} more since the last warning)", what, keptBack.getAndSet(0), error);
        } catch (Throwable printing) {
            warnWithoutError(what);
        }
    }

    private void warnWithoutError(String what) {
        try {
            log.warn("{} (its error cannot be printed)", what);
        } catch (Throwable logging) {
            // A log that fails has nowhere to say so, and the thread may be one that must not see it.
        }
    }
}
