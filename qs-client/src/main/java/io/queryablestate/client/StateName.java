package io.queryablestate.client;

import io.queryablestate.messages.JobId;
import java.nio.charset.StandardCharsets;

/** Which state of which job is asked; keeps the name as the bytes that each request carries. */
final class StateName {

    private final JobId jobId;
    private final String name;
    private final byte[] utf8;

    StateName(JobId jobId, String name) {
        this.jobId = jobId;
        this.name = name;
        this.utf8 = name.getBytes(StandardCharsets.UTF_8);
    }

    JobId jobId() {
        return jobId;
    }

    byte[] utf8() {
        return utf8;
    }

    @Override
    public String toString() {
        return name;
    }
}
