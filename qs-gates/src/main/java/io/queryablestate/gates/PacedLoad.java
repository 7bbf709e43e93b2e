package io.queryablestate.gates;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Asks at a steady pace, however the answers come, until it is closed. */
final class PacedLoad implements AutoCloseable {

    private final Reads reads;
    private final long pauseNanos;
    private final Thread thread = new Thread(this::ask, "paced-load");
    private volatile boolean stopped;

    PacedLoad(Reads reads, int perSecond) {
        this.reads = reads;
        this.pauseNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        thread.setDaemon(true);
        thread.start();
    }

    private void ask() {
        long next = System.nanoTime();
        while (!stopped) {
            reads.ask();
            next += pauseNanos;
            long wait = next - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
            } else {
                // Behind after a stall: what was missed is not made up for.
                next = System.nanoTime();
            }
        }
    }

    @Override
    public void close() {
        stopped = true;
        Ends.await(thread);
    }
}
