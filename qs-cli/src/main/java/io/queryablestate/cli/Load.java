package io.queryablestate.cli;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Checked queries that run at the same time, each with as many askers as the others. */
record Load(List<ClosedLoop> loops) {

    private static final int ASKERS = 16;
    private static final long PATIENCE_SECONDS = 10;

    /** Starts asking. */
    static Load of(CheckedQueries... queries) {
        List<ClosedLoop> loops = Stream.of(queries)
                .filter(CheckedQueries::haveWords)
                .map(some -> new ClosedLoop(ASKERS / queries.length, some::ask))
                .toList();
        loops.forEach(ClosedLoop::start);
        return new Load(loops);
    }

    /** Asks no more; fails if a question that was asked is not answered within 10 s. */
    CompletableFuture<Void> stop() {
        return CompletableFuture.allOf(loops.stream().map(ClosedLoop::stop).toArray(CompletableFuture[]::new))
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
