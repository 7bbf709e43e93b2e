package io.queryablestate.server;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.JobId;
import org.jspecify.annotations.Nullable;

/** One key of a batch: toward the registry a pending read, toward its exchange an item of the answer. */
final class BatchKeyRead implements PendingRead {

    private final BatchReadExchange batch;
    private final int number;
    private final byte[] keyAndNamespace;
    private byte @Nullable [] value;
    private @Nullable Failure failure;

    BatchKeyRead(BatchReadExchange batch, int number, byte[] keyAndNamespace) {
        this.batch = batch;
        this.number = number;
        this.keyAndNamespace = keyAndNamespace;
    }

    @Override
    public byte[] keyAndNamespace() {
        return keyAndNamespace;
    }

    @Override
    public long deadlineNanos() {
        return batch.deadlineNanos();
    }

    @Override
    public boolean isAbandoned() {
        return batch.isAbandoned();
    }

    @Override
    public void locationIsStale() {
        batch.locationIsStale();
    }

    @Override
    public boolean mayRead(JobId job, String stateName) {
        return batch.mayRead(job, stateName);
    }

    @Override
    public void succeed(byte @Nullable [] found) {
        value = found;
        batch.answered(this);
    }

    @Override
    public void fail(ErrorCode code, String text) {
        failure = new Failure(code, text);
        batch.answered(this);
    }

    /** By which the asker knows the key. */
    int number() {
        return number;
    }

    /** Null if the key is absent or could not be read. */
    byte @Nullable [] value() {
        return value;
    }

    @Nullable
    Failure failure() {
        return failure;
    }
}
