package io.queryablestate.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.QueryableStateException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;

/** A location cache on a clock and a timer that only move when they are told to. */
final class CacheRig {

    static final Duration TIMEOUT = Duration.ofSeconds(1);
    static final Duration INTERVAL = Duration.ofMillis(100);

    final LocationOracles oracles = new LocationOracles();
    final LookupScript oracle = new LookupScript();
    final LocationCache cache;
    private final MockTicker ticker = Ticker.newMockTicker();
    private final EmbeddedChannel channel =
            EmbeddedChannel.builder().ticker(ticker).build();

    CacheRig(int maxEntries) {
        cache = new LocationCache(oracles, new LookupOptions(TIMEOUT, INTERVAL, maxEntries, ticker::nanoTime));
        oracles.update(Locations.JOB, oracle);
    }

    CacheRig() {
        this(100);
    }

    CompletableFuture<CachedLocation> ask() {
        return ask(Locations.KEY, null);
    }

    CompletableFuture<CachedLocation> ask(LocationKey key, @Nullable CachedLocation stale) {
        return cache.get(key, stale, channel.eventLoop());
    }

    CompletableFuture<CachedLocation> askAnew(LocationKey key) {
        return cache.getAnew(key, channel.eventLoop());
    }

    void advance(Duration time) {
        ticker.advance(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runPendingTasks();
        channel.runScheduledPendingTasks();
    }

    /** Tasks that wait for their time. */
    boolean hasTimers() {
        return channel.runScheduledPendingTasks() != -1;
    }

    static void assertFailed(CompletableFuture<CachedLocation> asked, ErrorCode code) {
        assertThat(asked)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .asInstanceOf(InstanceOfAssertFactories.type(QueryableStateException.class))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(code));
    }
}
