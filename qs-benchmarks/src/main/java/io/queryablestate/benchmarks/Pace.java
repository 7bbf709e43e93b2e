package io.queryablestate.benchmarks;

import java.util.concurrent.locks.LockSupport;

/** The time of an {@link OpenLoop}. */
interface Pace {

    long nanoTime();

    /** Returns when it is so late, or earlier; at once if it is later already. */
    void waitUntil(long nanos);

    /** The system's. It parks rather than spins, since a processor that spins is one that the peers lack. */
    static Pace system() {
        return new Pace() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public void waitUntil(long nanos) {
                LockSupport.parkNanos(nanos - System.nanoTime());
            }
        };
    }
}
