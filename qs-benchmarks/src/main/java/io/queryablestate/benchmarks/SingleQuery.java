package io.queryablestate.benchmarks;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads a random key. */
final class SingleQuery implements Query, KeyReader.Answer {

    private final KeyReader reader;
    private final Workload workload;
    private long key;
    private @Nullable Outcome outcome;

    SingleQuery(KeyReader reader, Workload workload) {
        this.reader = reader;
        this.workload = workload;
    }

    @Override
    public void ask(Outcome next) {
        outcome = next;
        key = workload.randomKey();
        reader.get(key, this);
    }

    @Override
    public void value(byte[] value) {
        if (Workload.isValueOf(key, value)) {
            outcome().right();
        } else {
            outcome().failed(Query.wrongValue(key));
        }
    }

    @Override
    public void failure(Throwable cause) {
        outcome().failed(cause);
    }

    private Outcome outcome() {
        return Objects.requireNonNull(outcome, "an answer before a request");
    }
}
