package io.queryablestate.routing;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.KvStatePlacement;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.ServerAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One life of a location cache under a virtual clock: askers, an oracle that fails in every way it can, jobs whose oracle
 * changes, a cache that is too small. Everything is decided by the seed, so a life can be lived again.
 *
 * <p>What an oracle answers carries the number of the oracle, as the port of the server.
 */
final class CacheSimulation {

    private static final int STATES = 4;
    private static final long MAX_STEP_MILLIS = 60;
    /** One that has waited may start late by a step of the timers; the next one keeps to the time that was planned. */
    private static final Duration LEAST_PAUSE = CacheRig.INTERVAL.minusMillis(MAX_STEP_MILLIS);

    /** A lookup that has to wait starts at most an interval later, and timers run in steps. */
    private static final Duration PATIENCE =
            CacheRig.TIMEOUT.plus(CacheRig.INTERVAL).plusMillis(MAX_STEP_MILLIS);

    private final Random random;
    private final boolean evicts;
    private final MockTicker ticker = Ticker.newMockTicker();
    private final EmbeddedChannel timers =
            EmbeddedChannel.builder().ticker(ticker).build();
    private final LocationOracles oracles = new LocationOracles();
    private final LocationCache cache;
    private final List<Lookup> open = new ArrayList<>();
    /** Those of them that are never answered. */
    private final Set<Lookup> lost = new HashSet<>();

    private final Map<LocationKey, Long> lastStart = new HashMap<>();
    private final Map<LocationKey, CachedLocation> lastSeen = new HashMap<>();
    private final List<Ask> asks = new ArrayList<>();
    private int oracleNumber = 1;
    private boolean healthy;
    /** What the oracle has seen and cannot throw: the cache takes whatever it throws for a failed lookup. */
    private @Nullable String violation;

    private long trace = 17;

    CacheSimulation(long seed) {
        this.random = new Random(seed);
        this.evicts = seed % 2 == 0;
        // Large enough: which entry a full cache lets go of is left to chance by Caffeine.
        this.cache = new LocationCache(
                oracles, new LookupOptions(CacheRig.TIMEOUT, CacheRig.INTERVAL, STATES * 2, ticker::nanoTime));
        changeOracle();
    }

    /** Lives through so many steps, then in health, and says what has happened as one number. */
    long run(int steps) {
        for (int i = 0; i < steps; i++) {
            step();
            check();
        }
        recover();
        return trace;
    }

    private void step() {
        int chance = random.nextInt(100);
        if (chance < 45) {
            ask(key(random.nextInt(STATES)));
        } else if (chance < 75) {
            advance(random.nextInt((int) MAX_STEP_MILLIS));
        } else if (chance < 97) {
            answerOne();
        } else if (evicts && chance < 98) {
            cache.evict(Locations.JOB);
            note(3);
        } else if (evicts) {
            changeOracle();
        }
    }

    private static LocationKey key(int state) {
        return new LocationKey(Locations.JOB, "state-" + state);
    }

    /** As {@link KvStateClientProxy#updateLocationOracle}: the new oracle first, then the entries of the job go. */
    private void changeOracle() {
        int number = ++oracleNumber;
        oracles.update(Locations.JOB, (job, name) -> lookUp(new LocationKey(job, name), number));
        cache.evict(Locations.JOB);
        note(number);
    }

    private CompletableFuture<KvStateLocation> lookUp(LocationKey key, int oracle) {
        long now = ticker.nanoTime();
        Long before = lastStart.put(key, now);
        if (!evicts && before != null && now - before < LEAST_PAUSE.toNanos()) {
            violation = "two lookups of " + key + " within " + (now - before) + " ns";
        }
        Lookup lookup = new Lookup(key, oracle, new CompletableFuture<>());
        note(key.stateName().hashCode());
        if (healthy) {
            lookup.succeed();
            return lookup.answer;
        }
        if (random.nextInt(10) == 0) {
            throw new IllegalStateException("thrown by the oracle");
        }
        open.removeIf(each -> each.answer.isDone());
        if (!evicts && open.stream().anyMatch(each -> each.key.equals(key))) {
            violation = "two lookups of " + key + " at a time";
        }
        open.add(lookup);
        if (random.nextInt(10) == 0) {
            lost.add(lookup);
        }
        return lookup.answer;
    }

    private void ask(LocationKey key) {
        CachedLocation stale = random.nextInt(3) == 0 ? lastSeen.get(key) : null;
        asks.add(new Ask(key, stale, oracleNumber, ticker.nanoTime(), cache.get(key, stale, timers.eventLoop())));
    }

    private void answerOne() {
        open.removeIf(each -> each.answer.isDone());
        if (open.isEmpty()) {
            return;
        }
        Lookup lookup = open.get(random.nextInt(open.size()));
        if (lost.contains(lookup)) {
            return;
        }
        switch (random.nextInt(4)) {
            case 0 -> lookup.answer.completeExceptionally(new IllegalStateException("down"));
            case 1 ->
                lookup.answer.completeExceptionally(
                        new QueryableStateException(ErrorCode.LOCATION_UNKNOWN, "not registered"));
            default -> lookup.succeed();
        }
    }

    private void advance(long millis) {
        ticker.advance(millis, TimeUnit.MILLISECONDS);
        timers.runPendingTasks();
        timers.runScheduledPendingTasks();
    }

    /** What has to hold after each step. */
    private void check() {
        if (violation != null) {
            throw new AssertionError(violation);
        }
        asks.removeIf(ask -> {
            if (!ask.answer.isDone()) {
                if (ticker.nanoTime() - ask.startNanos > PATIENCE.toNanos()) {
                    throw new AssertionError("an asker for " + ask.key + " waits for longer than " + PATIENCE);
                }
                return false;
            }
            judge(ask);
            return true;
        });
        if (cache.size() > STATES) {
            throw new AssertionError(cache.size() + " entries for " + STATES + " states");
        }
    }

    private void judge(Ask ask) {
        if (ask.answer.isCompletedExceptionally()) {
            Throwable failure = ask.answer.handle((found, error) -> error).join();
            if (!(failure instanceof QueryableStateException typed)) {
                throw new AssertionError("a failure without a code", failure);
            }
            note(typed.code().number());
            return;
        }
        CachedLocation found = ask.answer.join();
        int oracle = portOf(found);
        note(oracle);
        if (found == ask.stale) {
            throw new AssertionError("the location of " + ask.key + " that was found stale was given out again");
        }
        if (oracle < ask.oracle) {
            throw new AssertionError("oracle " + oracle + " has answered, " + ask.oracle + " was in office");
        }
        if (!found.location().stateName().equals(ask.key.stateName())) {
            throw new AssertionError("the location of " + found.location().stateName() + " for " + ask.key);
        }
        lastSeen.put(ask.key, found);
    }

    private static int portOf(CachedLocation found) {
        KvStatePlacement placement = found.placementOf(0);
        if (placement == null) {
            throw new AssertionError("a location without a server");
        }
        return placement.server().port();
    }

    /** Once the oracle is well, everybody who asks is answered, whatever was before. */
    private void recover() {
        healthy = true;
        for (long waited = 0; waited < PATIENCE.toMillis(); waited += 10) {
            advance(10);
        }
        for (int state = 0; state < STATES; state++) {
            CompletableFuture<CachedLocation> asked = cache.get(key(state), null, timers.eventLoop());
            for (long waited = 0; !asked.isDone() && waited <= CacheRig.INTERVAL.toMillis(); waited += 10) {
                advance(10);
            }
            if (!asked.isDone() || asked.isCompletedExceptionally()) {
                throw new AssertionError("no location of " + key(state) + " though the oracle is well: " + asked);
            }
        }
        check();
        timers.finishAndReleaseAll();
    }

    private void note(long event) {
        trace = (trace * 31 + event) * 31 + ticker.nanoTime();
    }

    /** A question to the oracle. */
    private record Lookup(LocationKey key, int oracle, CompletableFuture<KvStateLocation> answer) {
        void succeed() {
            answer.complete(Locations.of(key, new ServerAddress("127.0.0.1", oracle)));
        }
    }

    /** Somebody who wants a location. */
    private record Ask(
            LocationKey key,
            @Nullable CachedLocation stale,
            int oracle,
            long startNanos,
            CompletableFuture<CachedLocation> answer) {}
}
