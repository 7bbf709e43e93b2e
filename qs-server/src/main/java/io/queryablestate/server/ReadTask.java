package io.queryablestate.server;

import io.queryablestate.messages.ErrorCode;

/**
 * What waits for a thread that may touch a state: the read of one key or of several. Run by one thread at a time, ended by
 * any. Nothing here throws, since it may run on the owner's thread.
 */
sealed interface ReadTask permits KvStateRead, KvStateBatchRead {

    /** A limit for {@link #run} that is none. */
    int ALL_KEYS = Integer.MAX_VALUE;

    RegisteredKvState target();

    long deadlineNanos();

    /** How many keys it reads. */
    int keys();

    /** What it costs in memory while it waits. */
    int bytes();

    /** Whether nobody would get anything from running this. */
    boolean isPointless(long now);

    /** Answers what is {@link #isPointless}. */
    void drop();

    /** Fails what has not been answered. */
    void fail(ErrorCode code, String text);

    /**
     * Reads on, at least one key and at most so many, and no further one once the time is up. On a thread that the state's
     * read mode allows.
     *
     * @return how many keys were read
     */
    int run(int maxKeys, long timeNanos);

    /** Whether every key has been read; asked by the thread that runs it. */
    boolean isFinished();
}
