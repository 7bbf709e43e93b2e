package io.queryablestate.routing;

import io.queryablestate.messages.JobId;

/**
 * What a location is cached under.
 *
 * @param jobId the job
 * @param stateName the name under which the state is queryable
 * @param concealed whether the asker must not learn of the state: a lookup is made all the same and whatever it finds is
 *     unknown, so that a state which is there and one which is not look alike, also by the time they take
 */
public record LocationKey(JobId jobId, String stateName, boolean concealed) {

    /** The location of a state that the asker may read. */
    public LocationKey(JobId jobId, String stateName) {
        this(jobId, stateName, false);
    }
}
