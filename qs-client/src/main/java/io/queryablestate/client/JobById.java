package io.queryablestate.client;

import io.queryablestate.messages.JobId;

/** A job that the caller knows. */
record JobById(JobId id) implements JobReference {}
