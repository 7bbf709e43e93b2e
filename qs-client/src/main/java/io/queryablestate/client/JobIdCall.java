package io.queryablestate.client;

import io.queryablestate.messages.JobId;
import io.queryablestate.network.FrameOutput;

/** Finds the id of a job. No proxy is asked for that. */
final class JobIdCall extends JobCall<JobId> {

    JobIdCall(ClientLoop loop, long timeoutNanos, NamedJob job) {
        super(loop, timeoutNanos, job);
    }

    @Override
    void onJobFound() {
        JobId found = jobId();
        succeed(() -> found);
    }

    @Override
    public void encode(FrameOutput out, long requestId, boolean version1) {
        throw neverAsked();
    }

    @Override
    JobId decode(byte[] value) {
        throw neverAsked();
    }

    @Override
    JobId absent() {
        throw neverAsked();
    }

    private static IllegalStateException neverAsked() {
        return new IllegalStateException("no proxy is asked for the id of a job");
    }
}
