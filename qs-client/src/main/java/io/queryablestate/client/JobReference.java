package io.queryablestate.client;

import io.queryablestate.messages.JobId;
import org.jspecify.annotations.Nullable;

/** Which job is asked. */
sealed interface JobReference permits JobById, NamedJob {

    /** The job's id; null if it has to be found first. Any thread. */
    @Nullable
    JobId id();
}
