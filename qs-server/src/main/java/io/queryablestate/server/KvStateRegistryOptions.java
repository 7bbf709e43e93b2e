package io.queryablestate.server;

import io.queryablestate.messages.Frames;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;

/**
 * Settings of a {@link KvStateRegistry}; the builder's methods say what each does.
 *
 * @param queryThreads threads for pooled reads
 * @param queueLength waiting reads for each query thread and each owner
 * @param queueBytes bytes of waiting reads for each query thread and each owner
 * @param responseLimit largest value in bytes
 * @param ownerBatchSize reads in one drain
 * @param ownerBatchTime length of one drain
 * @param ownerShare share of an owner's time
 * @param closeTimeout how long closing the registry waits for running reads
 * @param nanoTime the clock of deadlines
 * @param queryThreadFactory makes the query threads
 * @param timerThreadFactory makes the timer thread
 */
public record KvStateRegistryOptions(
        int queryThreads,
        int queueLength,
        long queueBytes,
        int responseLimit,
        int ownerBatchSize,
        Duration ownerBatchTime,
        double ownerShare,
        Duration closeTimeout,
        LongSupplier nanoTime,
        ThreadFactory queryThreadFactory,
        ThreadFactory timerThreadFactory) {

    private static final int MAX_QUERY_THREADS = 1 << 10;
    private static final int MAX_QUEUE_LENGTH = 1 << 20;
    private static final long MAX_QUEUE_BYTES = 1L << 40;
    private static final double MIN_OWNER_SHARE = 0.001;
    private static final Duration MAX_DURATION = Duration.ofHours(1);

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public KvStateRegistryOptions {
        checkRange("query threads", queryThreads, 1, MAX_QUERY_THREADS);
        checkRange("queue length", queueLength, 1, MAX_QUEUE_LENGTH);
        checkRange("queue bytes", queueBytes, (long) Frames.MAX_KEY_BYTES, MAX_QUEUE_BYTES);
        checkRange("response limit", responseLimit, 1, Integer.MAX_VALUE);
        checkRange("owner batch size", ownerBatchSize, 1, MAX_QUEUE_LENGTH);
        checkRange("owner batch time", ownerBatchTime, Duration.ofNanos(1), MAX_DURATION);
        checkRange("owner share", ownerShare, MIN_OWNER_SHARE, 1.0);
        checkRange("close timeout", closeTimeout, Duration.ZERO, MAX_DURATION);
    }

    /** Starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    private static <T extends Comparable<T>> void checkRange(String what, T value, T min, T max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(what + " must be " + min + " to " + max + ", got " + value);
        }
    }

    /** Changes defaults. Not thread-safe. */
    public static final class Builder {

        private int queryThreads = Runtime.getRuntime().availableProcessors();
        private int queueLength = 1024;
        private long queueBytes = 4 << 20;
        private int responseLimit = 64 << 20;
        private int ownerBatchSize = 64;
        private Duration ownerBatchTime = Duration.ofMillis(1);
        private double ownerShare = 0.1;
        private Duration closeTimeout = Duration.ofSeconds(5);
        private LongSupplier nanoTime = System::nanoTime;
        private ThreadFactory queryThreadFactory = new DaemonThreads("queryable-state-query");
        private ThreadFactory timerThreadFactory = new DaemonThreads("queryable-state-timer");

        private Builder() {}

        /** How many threads read pooled states. Default: the number of processors. */
        public Builder queryThreads(int queryThreads) {
            this.queryThreads = queryThreads;
            return this;
        }

        /**
         * How many reads may wait for each query thread and, separately, for each owner; one more is refused as
         * {@code OVERLOADED}. Default: 1,024.
         */
        public Builder queueLength(int queueLength) {
            this.queueLength = queueLength;
            return this;
        }

        /** As {@link #queueLength}, in bytes of serialized keys; room for the largest key at least. Default: 4 MiB. */
        public Builder queueBytes(long queueBytes) {
            this.queueBytes = queueBytes;
            return this;
        }

        /** Bytes of a value beyond which a read fails as {@code FRAME_TOO_LARGE}. Default: 64 MiB. */
        public Builder responseLimit(int responseLimit) {
            this.responseLimit = responseLimit;
            return this;
        }

        /** After how many reads the owner's thread is given back. Default: 64. */
        public Builder ownerBatchSize(int ownerBatchSize) {
            this.ownerBatchSize = ownerBatchSize;
            return this;
        }

        /** After what time no further read starts before the owner's thread is given back. Default: 1 ms. */
        public Builder ownerBatchTime(Duration ownerBatchTime) {
            this.ownerBatchTime = ownerBatchTime;
            return this;
        }

        /** Share of an owner's time that reading may take, 0.001 to 1. Default: 0.1. */
        public Builder ownerShare(double ownerShare) {
            this.ownerShare = ownerShare;
            return this;
        }

        /** How long closing the registry waits for running reads. Default: 5 s. */
        public Builder closeTimeout(Duration closeTimeout) {
            this.closeTimeout = closeTimeout;
            return this;
        }

        /** The clock of all deadlines. Default: {@link System#nanoTime()}. */
        public Builder nanoTime(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
            return this;
        }

        /** Makes the query threads. Default: daemons named {@code queryable-state-query-n}. */
        public Builder queryThreadFactory(ThreadFactory queryThreadFactory) {
            this.queryThreadFactory = queryThreadFactory;
            return this;
        }

        /** Makes the timer thread. Default: a daemon named {@code queryable-state-timer-1}. */
        public Builder timerThreadFactory(ThreadFactory timerThreadFactory) {
            this.timerThreadFactory = timerThreadFactory;
            return this;
        }

        /**
         * The settings.
         *
         * @throws IllegalArgumentException if one is out of its range
         */
        public KvStateRegistryOptions build() {
            return new KvStateRegistryOptions(
                    queryThreads,
                    queueLength,
                    queueBytes,
                    responseLimit,
                    ownerBatchSize,
                    ownerBatchTime,
                    ownerShare,
                    closeTimeout,
                    nanoTime,
                    queryThreadFactory,
                    timerThreadFactory);
        }
    }
}
