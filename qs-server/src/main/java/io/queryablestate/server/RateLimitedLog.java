package io.queryablestate.server;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns at most once a second, however often a state fails, and says how many warnings it kept back. Thread safe; never
 * throws, since a throwable that fails to print itself must not reach the thread that owns the state.
 */
final class RateLimitedLog {

    private static final Logger LOG = LoggerFactory.getLogger(KvStateRegistry.class);
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanoTime;
    private final AtomicLong nextNanos;
    private final AtomicLong keptBack = new AtomicLong();

    RateLimitedLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.nextNanos = new AtomicLong(nanoTime.getAsLong());
    }

    void warn(String what, Throwable error) {
        long now = nanoTime.getAsLong();
        long next = nextNanos.get();
        if (now - next < 0 || !nextNanos.compareAndSet(next, now + INTERVAL_NANOS)) {
            keptBack.incrementAndGet();
            return;
        }
        try {
            LOG.warn("{} ({} more since the last warning)", what, keptBack.getAndSet(0), error);
        } catch (Throwable printing) {
            warnWithoutError(what);
        }
    }

    private static void warnWithoutError(String what) {
        try {
            LOG.warn("{} (its error cannot be printed)", what);
        } catch (Throwable logging) {
            // A log that fails has nowhere to say so, and the thread may be one that must not see it.
        }
    }
}
