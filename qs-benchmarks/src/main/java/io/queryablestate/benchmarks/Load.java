package io.queryablestate.benchmarks;

import java.time.Duration;

/** Makes a client work. */
final class Load {

    private Load() {}

    /**
     * Works for some time.
     *
     * @throws IllegalStateException if an answer was wrong, a request failed or did not end
     */
    static LoadResult run(KeyReader reader, Work work, Duration duration) throws InterruptedException {
        if (work.perSecond() > 0) {
            return new OpenLoop(Query.of(reader, work), work.perSecond(), work.inFlight(), Pace.system()).run(duration);
        }
        return new ClosedLoop(Query.of(reader, work), work.inFlight()).run(duration);
    }
}
