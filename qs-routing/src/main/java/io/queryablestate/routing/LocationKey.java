package io.queryablestate.routing;

import io.queryablestate.messages.JobId;

/**
 * What a location is cached under.
 *
 * @param jobId the job
 * @param stateName the name under which the state is queryable
 */
public record LocationKey(JobId jobId, String stateName) {}
