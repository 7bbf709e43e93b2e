package io.queryablestate.flink;

import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.JobID;
import org.jspecify.annotations.Nullable;

/**
 * Five hundred lookups a second at the keys of a {@link VersionedJob} in turn, whatever becomes of the job. Every answer is
 * checked against its {@link History}. A key whose last lookup is still under way is left out.
 */
final class SteadyLookups implements AutoCloseable {

    private static final long PERIOD_MICROS = 2_000;

    final AtomicLong good = new AtomicLong();
    final AtomicLong longestMillis = new AtomicLong();
    final Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();
    final Queue<Throwable> untyped = new ConcurrentLinkedQueue<>();
    final ConcurrentMap<String, AtomicLong> failuresByCode = new ConcurrentHashMap<>();

    private final History history;
    private final ConcurrentMap<String, CompletableFuture<?>> underWay = new ConcurrentHashMap<>();
    /** When the last lookup of a key began that had a good answer. */
    private final ConcurrentMap<String, Long> lastGoodBegan = new ConcurrentHashMap<>();

    private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
    private final Stalls stalls = new Stalls();
    private volatile Target target;
    private long next;

    private record Target(StateReader reader, String jobId) {}

    SteadyLookups(String jobName, JobID job, List<Integer> proxyPorts) throws Exception {
        history = History.of(jobName);
        target = new Target(ClientLibrary.connect(proxyPorts), job.toString());
        pace.scheduleAtFixedRate(this::lookUp, 0, PERIOD_MICROS, TimeUnit.MICROSECONDS);
    }

    /** Goes on with another job or other proxies, with a new client; lookups that are under way end with the old one. */
    void continueAt(JobID job, List<Integer> proxyPorts) throws Exception {
        StateReader old = target.reader;
        target = new Target(ClientLibrary.connect(proxyPorts), job.toString());
        CompletableFuture.allOf(underWay.values().toArray(CompletableFuture[]::new))
                .handle((none, failure) -> null)
                .get(10, TimeUnit.SECONDS);
        old.close();
    }

    /** Whether each key was answered by a lookup that began after that moment of {@link System#nanoTime()}. */
    boolean everyKeyAnsweredSince(long nanos) {
        for (int key = 0; key < VersionedJob.KEYS; key++) {
            Long began = lastGoodBegan.get(VersionedJob.key(key));
            if (began == null || began - nanos < 0) {
                return false;
            }
        }
        return true;
    }

    /** The longest time for which this process did nothing, which is the machine's fault. */
    long longestStallMillis() {
        return stalls.longestMillis();
    }

    @Override
    public String toString() {
        return good + " good, " + failuresByCode + ", " + wrong.size() + " wrong, " + untyped.size()
                + " untyped, longest " + longestMillis + " ms, longest stall " + longestStallMillis() + " ms";
    }

    private void lookUp() {
        String key = VersionedJob.key(next++);
        if (underWay.containsKey(key)) {
            return;
        }
        Target asked = target;
        History.Before before = history.before(key);
        long began = System.nanoTime();
        CompletableFuture<Optional<String>> answer = asked.reader.get(asked.jobId, VersionedJob.STATE, key);
        CompletableFuture<?> ended = answer.thenAccept(value -> {
                    history.check(before, value);
                    good.incrementAndGet();
                    lastGoodBegan.merge(key, began, Math::max);
                })
                .handle((none, failure) -> {
                    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
                    longestMillis.accumulateAndGet(millis, Math::max);
                    count(failure instanceof CompletionException ? failure.getCause() : failure);
                    return null;
                });
        underWay.put(key, ended);
        ended.thenRun(() -> underWay.remove(key, ended));
    }

    private void count(@Nullable Throwable failure) {
        if (failure instanceof LookupException typed) {
            failuresByCode
                    .computeIfAbsent(typed.code(), first -> new AtomicLong())
                    .incrementAndGet();
        } else if (failure instanceof AssertionError) {
            wrong.add(failure);
        } else if (failure != null) {
            untyped.add(failure);
        }
    }

    /** Ends when every lookup has ended. */
    @Override
    public void close() {
        pace.shutdown();
        try {
            if (!pace.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new AssertionError("a lookup was not begun");
            }
            CompletableFuture.allOf(underWay.values().toArray(CompletableFuture[]::new))
                    .get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(underWay.size() + " lookups have not ended", e);
        } finally {
            target.reader.close();
            stalls.close();
        }
    }
}
