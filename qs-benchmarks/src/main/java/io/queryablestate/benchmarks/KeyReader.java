package io.queryablestate.benchmarks;

/** A client that reads keys. */
@FunctionalInterface
interface KeyReader {

    /** Asks for a key. Called from any thread, also from within an answer; returns at once and does not throw. */
    void get(long key, Answer answer);

    /** Asks for several keys at once, if the peer can. Otherwise as {@link #get}. */
    default void getAll(long[] keys, BatchAnswer answer) {
        throw new UnsupportedOperationException("this peer reads single keys only");
    }

    /** What becomes of one request; one of the two is called, once, on any thread. */
    interface Answer {

        /** The value; the array is the receiver's. */
        void value(byte[] value);

        void failure(Throwable cause);
    }

    /** What becomes of a request for several keys; one of the two is called, once, on any thread. */
    interface BatchAnswer {

        /** The values in the order of the keys; the arrays are the receiver's. */
        void values(byte[][] values);

        void failure(Throwable cause);
    }
}
