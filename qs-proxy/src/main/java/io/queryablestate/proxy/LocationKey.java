package io.queryablestate.proxy;

import io.queryablestate.messages.JobId;

/**
 * What a location is cached under.
 *
 * @param jobId the job
 * @param stateName the name under which the state is queryable
 */
record LocationKey(JobId jobId, String stateName) {}
