package io.queryablestate.benchmarks;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A moment from which on the processor time of others is taken. Used by one thread.
 *
 * @param wallNanos when
 * @param busyNanos how long all processors had been busy; empty if the system does not tell
 * @param ownNanos how much of it was the peers'
 */
record Disturbance(long wallNanos, OptionalLong busyNanos, long ownNanos) {

    static Disturbance now(long ownNanos) {
        return new Disturbance(System.nanoTime(), ProcessorTime.busyNanos(), ownNanos);
    }

    /** Which part of the machine's processors others have used since, from 0 to 1; the harness itself counts as others. */
    OptionalDouble shareOfOthers(Disturbance later, int processors) {
        if (busyNanos.isEmpty() || later.busyNanos.isEmpty()) {
            return OptionalDouble.empty();
        }
        long busy = later.busyNanos.getAsLong() - busyNanos.getAsLong();
        double others = busy - (later.ownNanos - ownNanos);
        return OptionalDouble.of(Math.max(0, others) / (later.wallNanos - wallNanos) / processors);
    }
}
