package io.queryablestate.server;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.JobId;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts how often it is answered. */
final class CountedRead implements PendingRead {

    private static final byte[] KEY = {1, 42, 0};

    private final AtomicInteger answers = new AtomicInteger();

    int answers() {
        return answers.get();
    }

    @Override
    public byte[] keyAndNamespace() {
        return KEY;
    }

    @Override
    public long deadlineNanos() {
        return Long.MAX_VALUE;
    }

    @Override
    public boolean isAbandoned() {
        return false;
    }

    @Override
    public boolean mayRead(JobId job, String stateName) {
        return true;
    }

    @Override
    public void succeed(byte[] value) {
        answers.incrementAndGet();
    }

    @Override
    public void fail(ErrorCode code, String text) {
        answers.incrementAndGet();
    }
}
