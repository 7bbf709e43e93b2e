package io.queryablestate.benchmarks;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads several random keys with one request. */
final class BatchQuery implements Query, KeyReader.BatchAnswer {

    private final KeyReader reader;
    private final Workload workload;
    private final int size;
    private long[] keys = {};
    private @Nullable Outcome outcome;

    BatchQuery(KeyReader reader, Workload workload, int size) {
        this.reader = reader;
        this.workload = workload;
        this.size = size;
    }

    @Override
    public void ask(Outcome next) {
        outcome = next;
        keys = new long[size];
        for (int i = 0; i < size; i++) {
            keys[i] = workload.randomKey();
        }
        reader.getAll(keys, this);
    }

    @Override
    public void values(byte[][] values) {
        if (values.length != size) {
            failure(new IllegalStateException(values.length + " values for " + size + " keys"));
            return;
        }
        for (int i = 0; i < size; i++) {
            if (!Workload.isValueOf(keys[i], values[i])) {
                failure(Query.wrongValue(keys[i]));
                return;
            }
        }
        outcome().right();
    }

    @Override
    public void failure(Throwable cause) {
        outcome().failed(cause);
    }

    private Outcome outcome() {
        return Objects.requireNonNull(outcome, "an answer before a request");
    }
}
