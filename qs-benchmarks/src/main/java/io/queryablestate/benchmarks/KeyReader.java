package io.queryablestate.benchmarks;

/** A client that reads single keys. */
@FunctionalInterface
interface KeyReader {

    /** Asks for a key. Called from any thread, also from within an answer; returns at once and does not throw. */
    void get(long key, Answer answer);

    /** What becomes of one request; one of the two is called, once, on any thread. */
    interface Answer {

        /** The value; the array is the receiver's. */
        void value(byte[] value);

        void failure(Throwable cause);
    }
}
