package io.queryablestate.routing;

import io.queryablestate.messages.JobId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The oracle of each job that is known. Thread-safe. */
public final class LocationOracles {

    private final ConcurrentMap<JobId, LocationOracle> byJob = new ConcurrentHashMap<>();
    private volatile @Nullable LocationOracle forAllJobs;

    /** Sets the oracle of a job; null for none. */
    public void update(JobId jobId, @Nullable LocationOracle oracle) {
        if (oracle == null) {
            byJob.remove(jobId);
        } else {
            byJob.put(jobId, oracle);
        }
    }

    /** Sets the oracle for all jobs, which goes before those of single jobs; null for none. */
    public void updateForAllJobs(@Nullable LocationOracle oracle) {
        forAllJobs = oracle;
    }

    /** The oracle for a job, or null if nobody here knows the job. One for all jobs goes before those of single jobs. */
    public @Nullable LocationOracle of(JobId jobId) {
        LocationOracle all = forAllJobs;
        return all != null ? all : byJob.get(jobId);
    }
}
