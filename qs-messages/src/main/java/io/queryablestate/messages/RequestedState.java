package io.queryablestate.messages;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Which state a request is for, as numbers and offsets into the buffer that holds the request. */
public interface RequestedState {

    /** Upper half of the job id. */
    long jobUpper();

    /** Lower half of the job id. */
    long jobLower();

    /** Index of the first byte of the state name. */
    int nameOffset();

    /** Length of the state name in bytes, at least 1. */
    int nameLength();

    /** The job id. */
    default JobId jobId() {
        return new JobId(jobUpper(), jobLower());
    }

    /** The state name, decoded from the buffer that holds the request. */
    default String stateName(ByteBuf in) {
        return in.toString(nameOffset(), nameLength(), StandardCharsets.UTF_8);
    }
}
