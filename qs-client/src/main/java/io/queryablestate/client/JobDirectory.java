package io.queryablestate.client;

import io.queryablestate.messages.JobId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Knows which job has a name at the moment. A client asks it when a job is first asked for by its name, and again when no
 * proxy knows the id any more: one question at a time for a name, two a second at most.
 */
@FunctionalInterface
public interface JobDirectory {

    /**
     * Finds the job that has the name now. Called on a thread that must not be blocked.
     *
     * @param timeout for how long somebody waits for the answer; the future is cancelled then
     * @return fails with a {@link io.queryablestate.messages.QueryableStateException} that says why there is no answer:
     *     {@code UNKNOWN_JOB} if no running job has the name, {@code BAD_REQUEST} if more than one has
     */
    CompletableFuture<JobId> find(JobName name, Duration timeout);
}
