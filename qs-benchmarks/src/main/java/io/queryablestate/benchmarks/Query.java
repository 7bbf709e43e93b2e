package io.queryablestate.benchmarks;

import java.util.function.Supplier;

/** Makes requests of one kind, one at a time, and checks what comes back. */
interface Query {

    /** Makes the next request. Called when the one before has ended, also from within its outcome. */
    void ask(Outcome outcome);

    /** What has become of a request; one of the two is called, once, on any thread. */
    interface Outcome {

        /** All values were right. */
        void right();

        /** A value was wrong, or there was none. */
        void failed(Throwable cause);
    }

    /** Makes the queries of a client's work. */
    static Supplier<Query> of(KeyReader reader, Work work) {
        return work.keysPerRequest() == 1
                ? () -> new SingleQuery(reader, work.workload())
                : () -> new BatchQuery(reader, work.workload(), work.keysPerRequest());
    }

    /** The failure of an answer that was not the right one. */
    static IllegalStateException wrongValue(long key) {
        return new IllegalStateException("a wrong value for key " + key);
    }
}
