package io.queryablestate.gates;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KeyGroupRange;
import io.queryablestate.messages.KvStateId;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.KvStatePlacement;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.network.CountingStats;
import io.queryablestate.network.ServerOptions;
import io.queryablestate.proxy.KvStateClientProxy;
import io.queryablestate.proxy.ProxyOptions;
import io.queryablestate.routing.LocationOracle;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A proxy in this process whose location oracle says what the gate wants, on a thread of its own. It knows {@link
 * StampedState#NAME} only. Thread-safe.
 */
final class LoneProxy implements AutoCloseable {

    final CountingStats stats = new CountingStats();
    final AtomicLong lookups = new AtomicLong();
    /** The largest number of lookups that were under way at a time. */
    final AtomicInteger mostLookups = new AtomicInteger();

    private final AtomicInteger lookupsNow = new AtomicInteger();
    private final ScheduledExecutorService oracleThread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "gate-oracle");
        thread.setDaemon(true);
        return thread;
    });
    private final KvStateClientProxy proxy;
    private volatile List<KvStatePlacement> servers;
    private volatile LocationOracle oracle = this::answer;

    private LoneProxy(List<KvStatePlacement> servers) throws IOException {
        this.servers = servers;
        ServerOptions listening = ServerOptions.builder()
                .eventLoopThreads(1)
                .drainTimeout(Duration.ofSeconds(1))
                .build();
        this.proxy =
                new KvStateClientProxy(ProxyOptions.builder().server(listening).build(), List::of, stats);
        proxy.updateLocationOracle(StampedState.JOB, this::count);
        proxy.start();
    }

    /** One before a single state server. */
    static LoneProxy before(ServerAddress server, KvStateId id) throws IOException {
        return new LoneProxy(List.of(new KvStatePlacement(id, server)));
    }

    /** One before several, each with an equal part of the key groups. */
    static LoneProxy before(List<KvStatePlacement> servers) throws IOException {
        return new LoneProxy(servers);
    }

    ServerAddress address() {
        return proxy.address();
    }

    List<KvStatePlacement> servers() {
        return servers;
    }

    KvStateClientProxy proxy() {
        return proxy;
    }

    /** Where the state is from now on, for whoever asks. */
    void move(List<KvStatePlacement> now) {
        servers = now;
    }

    /** Asks another oracle from now on. */
    void oracle(LocationOracle next) {
        oracle = next;
    }

    /** Answers at once from now on. */
    void normalOracle() {
        oracle = this::answer;
    }

    /** Answers after some time from now on, with what was so when it was asked. */
    void slowOracle(Duration delay) {
        oracle = (job, name) -> {
            CompletableFuture<KvStateLocation> late = new CompletableFuture<>();
            answer(job, name)
                    .whenComplete((location, failure) -> oracleThread.schedule(
                            () -> failure == null ? late.complete(location) : late.completeExceptionally(failure),
                            delay.toMillis(),
                            TimeUnit.MILLISECONDS));
            return late;
        };
    }

    private CompletableFuture<KvStateLocation> count(JobId job, String name) {
        lookups.incrementAndGet();
        mostLookups.accumulateAndGet(lookupsNow.incrementAndGet(), Math::max);
        CompletableFuture<KvStateLocation> asked;
        try {
            asked = oracle.locate(job, name);
        } catch (Throwable e) {
            lookupsNow.decrementAndGet();
            throw e;
        }
        asked.whenComplete((location, failure) -> lookupsNow.decrementAndGet());
        return asked;
    }

    private CompletableFuture<KvStateLocation> answer(JobId job, String name) {
        return CompletableFuture.supplyAsync(
                () -> {
                    if (!name.equals(StampedState.NAME)) {
                        throw new QueryableStateException(ErrorCode.LOCATION_UNKNOWN, "not registered");
                    }
                    return locationOf(servers);
                },
                oracleThread);
    }

    static KvStateLocation locationOf(List<KvStatePlacement> servers) {
        KvStateLocation.Builder location =
                KvStateLocation.builder(StampedState.JOB, StampedState.NAME, StampedState.KEY_GROUPS);
        int part = StampedState.KEY_GROUPS / servers.size();
        for (int i = 0; i < servers.size(); i++) {
            int last = i == servers.size() - 1 ? StampedState.KEY_GROUPS - 1 : (i + 1) * part - 1;
            location.place(new KeyGroupRange(i * part, last), servers.get(i));
        }
        return location.build();
    }

    @Override
    public void close() {
        proxy.close();
        oracleThread.shutdownNow();
    }
}
