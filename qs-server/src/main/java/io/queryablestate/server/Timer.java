package io.queryablestate.server;

/** Runs small tasks later. Thread-safe. */
interface Timer {

    /** Runs a task that does not block, once, not before the delay is over. Never throws; drops it once stopped. */
    void schedule(long delayNanos, Runnable task);

    /** Drops what is scheduled. */
    void stop();
}
