package io.queryablestate.server;

import io.queryablestate.messages.ErrorCode;

/** How a read gets to the thread that may run it. Thread-safe. */
sealed interface ReadPath permits InlineReads, QueryPool, DrainingOwnerQueue {

    /** Sees to it that the read is run or failed, now or by its deadline. Never throws. */
    void start(ReadTask read);

    /** Fails the reads of a closed state that have not started. */
    void stop(RegisteredKvState state, ErrorCode code, String text);

    /** Answers the reads of a closed state that are running; what they find will be of no use. */
    void abort(RegisteredKvState state, ErrorCode code, String text);

    /** Says which thread must not wait for running reads, because it is the one that runs them. */
    DrainingThread drainingThread();
}
