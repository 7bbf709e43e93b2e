package io.queryablestate.embedded;

import io.queryablestate.messages.CatalogueEntry;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.routing.LocationOracle;
import io.queryablestate.server.KvStateInfo;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Knows where the states of the cluster's jobs are, from what the task managers tell it, and is the oracle that their
 * proxies ask. A test can make it slow, silent or faulty.
 *
 * <p>For each key group the registration that came last counts. A notice that a registration has ended takes away that
 * very registration, told by its id and incarnation, and nothing else: one that comes late, after the key group was
 * registered elsewhere, has no effect.
 *
 * <p>Thread-safe. Answers come on a daemon thread of its own.
 */
public final class LocationRegistry implements LocationOracle {

    private final Map<JobId, Map<String, StatePlacements>> jobs = new HashMap<>();
    private final ScheduledThreadPoolExecutor thread;
    private final AtomicLong lookups = new AtomicLong();
    private volatile Behaviour behaviour = new Behaviour.Answering(Duration.ZERO);

    LocationRegistry() {
        thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread daemon = new Thread(task, "embedded-location-registry");
            daemon.setDaemon(true);
            return daemon;
        });
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        thread.setRemoveOnCancelPolicy(true);
    }

    /**
     * Finds a state.
     *
     * @return fails as {@code UNKNOWN_JOB} if there is no such job, or as {@code LOCATION_UNKNOWN} if no state of that
     *     name is registered
     */
    @Override
    public CompletableFuture<KvStateLocation> locate(JobId jobId, String stateName) {
        lookups.incrementAndGet();
        CompletableFuture<KvStateLocation> answer = new CompletableFuture<>();
        Behaviour now = behaviour;
        if (now instanceof Behaviour.Failing failing) {
            throw failing.failure();
        }
        if (now instanceof Behaviour.Answering answering) {
            answerAfter(answering.delay(), jobId, stateName, answer);
        }
        return answer;
    }

    /**
     * Answers late from now on. An answer says what was so when it was asked for, and may be out of date when it comes.
     */
    public void delay(Duration delay) {
        behaviour = new Behaviour.Answering(delay);
    }

    /** Never answers what is asked from now on. */
    public void silence() {
        behaviour = new Behaviour.Silent();
    }

    /** Throws when asked, from now on. */
    public void fail(RuntimeException failure) {
        behaviour = new Behaviour.Failing(failure);
    }

    /** Answers again, and at once. */
    public void normal() {
        behaviour = new Behaviour.Answering(Duration.ZERO);
    }

    /** How often it was asked. */
    public long lookups() {
        return lookups.get();
    }

    synchronized void jobStarted(JobId jobId) {
        jobs.put(jobId, new HashMap<>());
    }

    synchronized void jobEnded(JobId jobId) {
        jobs.remove(jobId);
    }

    /** A task manager serves a state. Ignored if the job has ended. */
    synchronized void registered(KvStateInfo info, ServerAddress server) {
        CatalogueEntry entry = info.entry();
        Map<String, StatePlacements> states = jobs.get(entry.jobId());
        if (states != null) {
            states.computeIfAbsent(entry.stateName(), name -> new StatePlacements(entry.maxParallelism()))
                    .add(info, server);
        }
    }

    /** A task manager does not serve a state any more. */
    synchronized void unregistered(KvStateInfo info, ServerAddress server) {
        Map<String, StatePlacements> states = jobs.get(info.entry().jobId());
        StatePlacements placements =
                states == null ? null : states.get(info.entry().stateName());
        if (placements != null) {
            placements.remove(info, server);
        }
    }

    void close() {
        thread.shutdownNow();
    }

    private void answerAfter(Duration delay, JobId jobId, String stateName, CompletableFuture<KvStateLocation> answer) {
        KvStateLocation found;
        QueryableStateException failure;
        try {
            found = find(jobId, stateName);
            failure = null;
        } catch (QueryableStateException e) {
            found = null;
            failure = e;
        }
        KvStateLocation location = found;
        QueryableStateException error = failure;
        try {
            thread.schedule(
                    () -> error == null ? answer.complete(location) : answer.completeExceptionally(error),
                    delay.toNanos(),
                    TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(
                    new QueryableStateException(ErrorCode.SHUTTING_DOWN, "the cluster has been closed"));
        }
    }

    private synchronized KvStateLocation find(JobId jobId, String stateName) {
        Map<String, StatePlacements> states = jobs.get(jobId);
        if (states == null) {
            throw new QueryableStateException(ErrorCode.UNKNOWN_JOB, "there is no job " + jobId);
        }
        StatePlacements placements = states.get(stateName);
        if (placements == null || placements.isEmpty()) {
            throw new QueryableStateException(
                    ErrorCode.LOCATION_UNKNOWN, "job " + jobId + " has registered no state \"" + stateName + "\"");
        }
        return placements.toLocation(jobId, stateName);
    }

    private sealed interface Behaviour {
        record Answering(Duration delay) implements Behaviour {}

        record Silent() implements Behaviour {}

        record Failing(RuntimeException failure) implements Behaviour {}
    }
}
