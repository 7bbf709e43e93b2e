package io.queryablestate.routing;

import static io.queryablestate.routing.CacheRig.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.channel.embedded.EmbeddedChannel;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.KvStateLocation;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LocationCacheTest {

    private static final LocationKey OF_OTHER_JOB = new LocationKey(Locations.OTHER_JOB, Locations.STATE);

    private final CacheRig rig = new CacheRig();

    @Test
    void shouldGiveOthersWhatIsKnown_untilALookupAnewHasEnded() {
        CachedLocation known = known(Locations.KEY);
        CompletableFuture<CachedLocation> anew = rig.askAnew(Locations.KEY);
        rig.advance(CacheRig.INTERVAL);
        assertThat(anew).isNotDone();
        assertThat(rig.ask()).isCompletedWithValue(known);
        assertThat(rig.askAnew(Locations.KEY)).isSameAs(anew);

        rig.oracle.answer();

        assertThat(anew).isCompleted();
        assertThat(known.isStale()).isTrue();
        assertThat(rig.ask()).isCompletedWithValue(anew.join());
    }

    @Test
    void shouldFailAsUnknownJobAndCacheNothing_whenNobodyKnowsTheJob() {
        assertFailed(rig.ask(OF_OTHER_JOB, null), ErrorCode.UNKNOWN_JOB);
        assertThat(rig.cache.size()).isZero();
    }

    @Test
    void shouldAskTheOracleOfTheJob_whenThereAreSeveral() {
        LookupScript other = new LookupScript();
        rig.oracles.update(Locations.OTHER_JOB, other);

        rig.ask(OF_OTHER_JOB, null);
        assertThat(other.asked()).isEqualTo(1);
        assertThat(rig.oracle.asked()).isZero();

        rig.oracles.update(Locations.OTHER_JOB, rig.oracle);
        assertThat(rig.oracles.of(Locations.OTHER_JOB)).isSameAs(rig.oracle);
        rig.oracles.update(Locations.OTHER_JOB, null);
        assertThat(rig.oracles.of(Locations.OTHER_JOB)).isNull();
        assertThat(rig.oracles.of(Locations.JOB)).isSameAs(rig.oracle);
    }

    @Test
    void shouldPreferTheOracleForAllJobs_whenThereIsOne() {
        LookupScript forAll = new LookupScript();
        rig.oracles.updateForAllJobs(forAll);

        rig.ask();
        rig.ask(OF_OTHER_JOB, null);
        assertThat(forAll.asked()).isEqualTo(2);
        assertThat(rig.oracle.asked()).isZero();

        rig.oracles.updateForAllJobs(null);
        assertThat(rig.oracles.of(Locations.JOB)).isSameAs(rig.oracle);
    }

    @Test
    void shouldDropWhatEventLoopsStillHold_whenTheJobIsEvicted() {
        rig.oracles.updateForAllJobs(rig.oracle);
        CachedLocation ended = known(Locations.KEY);
        CachedLocation running = known(OF_OTHER_JOB);

        rig.cache.evict(Locations.JOB);

        assertThat(ended.isStale()).isTrue();
        assertThat(running.isStale()).isFalse();
        assertThat(rig.cache.size()).isEqualTo(1);
    }

    @Test
    void shouldNotKeepTheAnswer_whenItComesAfterTheJobWasEvicted() {
        CompletableFuture<CachedLocation> asker = rig.ask();
        rig.cache.evict(Locations.JOB);
        rig.oracle.answer();

        assertThat(asker.join().isStale()).isTrue();
        assertThat(rig.cache.size()).isZero();
    }

    @Test
    void shouldKeepNoEntry_whenTheJobEndsBetweenTheAskersCheckAndTheEntry() {
        LocationOracles oracles = new LocationOracles();
        oracles.update(Locations.JOB, rig.oracle);
        // The entry asks for the time when it is made; what is cached of the job has been dropped just before.
        LookupOptions options = new LookupOptions(CacheRig.TIMEOUT, CacheRig.INTERVAL, 100, () -> {
            oracles.update(Locations.JOB, null);
            return 0;
        });
        LocationCache cache = new LocationCache(oracles, options);

        assertFailed(cache.get(Locations.KEY, null, new EmbeddedChannel().eventLoop()), ErrorCode.UNKNOWN_JOB);

        assertThat(cache.size()).isZero();
    }

    @Test
    void shouldDropEverything_whenAllIsEvicted() {
        CachedLocation known = known(Locations.KEY);
        rig.cache.evictAll();

        assertThat(known.isStale()).isTrue();
        assertThat(rig.cache.size()).isZero();
    }

    @Test
    void shouldStayWithinItsSize_whenMadeUpNamesFlood() {
        CacheRig small = new CacheRig(1_000);
        small.oracles.update(Locations.JOB, (jobId, name) -> {
            LocationKey key = new LocationKey(jobId, name);
            return CompletableFuture.completedFuture(Locations.of(key));
        });
        for (int i = 0; i < 100_000; i++) {
            small.ask(new LocationKey(Locations.JOB, "made-up-" + i), null).join();
        }
        assertThat(small.cache.size()).isLessThanOrEqualTo(1_000);

        small.cache.evict(Locations.JOB);
        assertThat(small.cache.size()).isZero();
    }

    @Test
    void shouldWarnOnceASecond_whenLookupsOfManyNamesFail() {
        Logger logger = (Logger) LoggerFactory.getLogger(LocationCache.class);
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        logger.addAppender(logged);
        try {
            rig.oracles.update(Locations.JOB, (jobId, name) -> {
                throw new IllegalStateException("broken");
            });
            for (int i = 0; i < 50; i++) {
                assertFailed(rig.ask(new LocationKey(Locations.JOB, "made up " + i), null), ErrorCode.LOCATION_UNKNOWN);
            }
        } finally {
            logger.detachAppender(logged);
        }

        assertThat(logged.list).hasSize(1);
    }

    @Test
    void shouldMarkWhatEventLoopsStillHold_whenSizeEvictsIt() {
        CacheRig tiny = new CacheRig(10);
        tiny.oracles.update(
                Locations.JOB,
                (jobId, name) -> CompletableFuture.completedFuture(Locations.of(new LocationKey(jobId, name))));
        CachedLocation[] held = Stream.iterate(0, i -> i + 1)
                .limit(1_000)
                .map(i ->
                        tiny.ask(new LocationKey(Locations.JOB, "s" + i), null).join())
                .toArray(CachedLocation[]::new);
        long kept = tiny.cache.size();

        assertThat(kept).isBetween(1L, 10L);
        assertThat(Stream.of(held).filter(location -> !location.isStale()).count())
                .isEqualTo(kept);
    }

    @Test
    void shouldAskOnce_whenManyThreadsAskAtTheSameTime() throws Exception {
        int threads = 8;
        AtomicInteger asked = new AtomicInteger();
        CompletableFuture<KvStateLocation> answer = new CompletableFuture<>();
        rig.oracles.update(Locations.JOB, (jobId, name) -> {
            asked.incrementAndGet();
            return answer;
        });
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CountDownLatch go = new CountDownLatch(1);
            Stream<CompletableFuture<CachedLocation>> askers = Stream.generate(() -> CompletableFuture.supplyAsync(
                                    () -> {
                                        awaitUninterrupted(go);
                                        return rig.ask();
                                    },
                                    pool)
                            .thenCompose(future -> future))
                    .limit(threads)
                    .toList()
                    .stream();
            go.countDown();
            answer.complete(Locations.of(Locations.KEY));

            assertThat(askers.map(CompletableFuture::join).distinct()).hasSize(1);
            assertThat(asked).hasValue(1);
        } finally {
            pool.shutdownNow();
        }
    }

    private CachedLocation known(LocationKey key) {
        CompletableFuture<CachedLocation> asker = rig.ask(key, null);
        rig.oracle.answer();
        return asker.join();
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
