package io.queryablestate.proxy;

import io.queryablestate.messages.JobId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The oracle of each job that this proxy knows. Thread-safe. */
final class LocationOracles {

    private final ConcurrentMap<JobId, LocationOracle> byJob = new ConcurrentHashMap<>();
    private volatile @Nullable LocationOracle forAllJobs;

    void update(JobId jobId, @Nullable LocationOracle oracle) {
        if (oracle == null) {
            byJob.remove(jobId);
        } else {
            byJob.put(jobId, oracle);
        }
    }

    void updateForAllJobs(@Nullable LocationOracle oracle) {
        forAllJobs = oracle;
    }

    /** The oracle for a job, or null if nobody here knows the job. One for all jobs goes before those of single jobs. */
    @Nullable
    LocationOracle of(JobId jobId) {
        LocationOracle all = forAllJobs;
        return all != null ? all : byJob.get(jobId);
    }
}
