package io.queryablestate.gates;

import java.util.concurrent.TimeUnit;

/** Waits for what is about to end, a few seconds at most, and leaves the interrupt to the caller. */
final class Ends {

    private static final int SECONDS = 10;

    private Ends() {}

    static void await(Thread thread) {
        try {
            thread.join(TimeUnit.SECONDS.toMillis(SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it has ended. */
    static boolean await(Process process) {
        try {
            return process.waitFor(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
