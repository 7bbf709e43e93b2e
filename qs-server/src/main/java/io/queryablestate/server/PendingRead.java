package io.queryablestate.server;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.JobId;
import org.jspecify.annotations.Nullable;

/**
 * The asker's side of one read. Exactly one of {@link #succeed} and {@link #fail} is called, once, whatever happens, also
 * if the read was abandoned; both on any thread: the caller's, a query thread, the state's owner, the timer, or one that
 * unregisters the state. They must not block. What they throw is logged and dropped.
 */
public interface PendingRead {

    /** The serialized key and namespace; always the same array, which is not modified. */
    byte[] keyAndNamespace();

    /** When the read must have ended, on the clock of {@link KvStateRegistryOptions#nanoTime()}; never changes. */
    long deadlineNanos();

    /**
     * Whether nobody waits for the answer any more. Called often and under a lock: a field read, no more. Once true it
     * stays true.
     */
    boolean isAbandoned();

    /**
     * The state that is going to be read has a successor: whoever asked for it by its id had better look where its key groups
     * are now. Called on the asker's thread before the read starts, if at all.
     */
    default void locationIsStale() {
        // Of no interest to who keeps no locations.
    }

    /**
     * Whether the asker may read that state; one that it may not read is answered as if it were not registered. Asked on
     * the thread that begins the read, before anything else, for several keys of one state once.
     */
    boolean mayRead(JobId job, String stateName);

    /**
     * The read has ended well.
     *
     * @param value not to be modified; null if the key has no value
     */
    void succeed(byte @Nullable [] value);

    /**
     * The read has failed.
     *
     * @param text for people, safe to send to a peer
     */
    void fail(ErrorCode code, String text);
}
