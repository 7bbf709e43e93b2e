package io.queryablestate.routing;

import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KvStateLocation;
import java.util.concurrent.CompletableFuture;

/**
 * Who knows where the states of a job are: in Flink the job's master, in an embedded cluster its registry. Called from
 * event loops: it must return at once and complete the future on a thread of its own.
 */
@FunctionalInterface
public interface LocationOracle {

    /**
     * Finds a state.
     *
     * @return the location; failed with a {@link io.queryablestate.messages.QueryableStateException} of code
     *     {@code LOCATION_UNKNOWN} if no state of that name is registered (yet), or {@code UNKNOWN_JOB} if the oracle does
     *     not know the job. Any other failure counts as {@code LOCATION_UNKNOWN}. The proxy gives up waiting after its
     *     lookup timeout, and cancels the future then
     */
    CompletableFuture<KvStateLocation> locate(JobId jobId, String stateName);

    /**
     * Finds a state again, after an earlier answer has proved out of date: what stands between, and remembers, must not
     * answer from memory. Otherwise as {@link #locate}, which is what it does unless it is told otherwise.
     */
    default CompletableFuture<KvStateLocation> locateAnew(JobId jobId, String stateName) {
        return locate(jobId, stateName);
    }
}
