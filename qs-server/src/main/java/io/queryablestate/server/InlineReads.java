package io.queryablestate.server;

import io.queryablestate.messages.ErrorCode;

/** Reads on the thread that asks; nothing ever waits. */
final class InlineReads implements ReadPath {

    private final DrainingThread none = new DrainingThread();

    @Override
    public void start(ReadTask read) {
        read.run(ReadTask.ALL_KEYS, Long.MAX_VALUE);
    }

    @Override
    public void stop(RegisteredKvState state, ErrorCode code, String text) {
        // A read is either running, under its lease, or has ended.
    }

    @Override
    public void abort(RegisteredKvState state, ErrorCode code, String text) {
        // The thread that asked is the one that reads: it has its answer when the read ends.
    }

    @Override
    public DrainingThread drainingThread() {
        return none;
    }
}
