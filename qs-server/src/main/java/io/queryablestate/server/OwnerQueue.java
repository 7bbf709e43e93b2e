package io.queryablestate.server;

/**
 * Where reads wait for the one thread that may touch their states, such as a task's mailbox thread. Made by
 * {@link KvStateRegistry#newOwnerQueue}; needs no closing. Thread-safe.
 */
public sealed interface OwnerQueue permits DrainingOwnerQueue {

    /** How many reads are waiting. */
    int queuedReads();
}
