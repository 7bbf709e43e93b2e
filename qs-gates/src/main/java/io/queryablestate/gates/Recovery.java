package io.queryablestate.gates;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** How long it takes after the end of a fault until a read is answered. Used by one thread. */
final class Recovery {

    static final Duration LIMIT = Duration.ofSeconds(2);

    private static final Duration GIVE_UP = Duration.ofSeconds(10);
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final GateRun run;
    private final String name;
    private final Duration limit;

    Recovery(GateRun run, String name) {
        this(run, name, LIMIT);
    }

    /**
     * How long the end of each fault may be ago when a read is answered.
     *
     * @param name for the figures, which are those of all recoveries of that name
     */
    Recovery(GateRun run, String name, Duration limit) {
        this.run = run;
        this.name = name;
        this.limit = limit;
    }

    /** Asks until there is an answer. A miss if that takes longer than the limit. */
    void await(Reads reads, String what) throws InterruptedException {
        await(reads, what, System.nanoTime());
    }

    /** The same, counted from an earlier time. */
    void await(Reads reads, String what, long sinceNanos) throws InterruptedException {
        while (!answered(reads)) {
            if (System.nanoTime() - sinceNanos > GIVE_UP.toNanos()) {
                run.miss(what + ": no answer within " + GIVE_UP.toSeconds() + " s of its end");
                return;
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNanos);
        run.most(name + "_slowest_ms", millis);
        run.count(name + "_times");
        run.require(millis <= limit.toMillis(), what + ": the first answer came " + millis + " ms after its end");
    }

    private static boolean answered(Reads reads) throws InterruptedException {
        try {
            return reads.ask().get(GIVE_UP.toSeconds(), TimeUnit.SECONDS).isPresent();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }
}
