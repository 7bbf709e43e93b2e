package io.queryablestate.network;

import io.queryablestate.messages.ErrorCode;

/**
 * Told what a server or a client does with connections and requests. Called on event loops: implementations are
 * thread-safe and return at once.
 */
public interface RequestStats {

    /** Counts nothing. */
    static RequestStats noop() {
        return NoopRequestStats.INSTANCE;
    }

    /** A connection is open. */
    void connectionOpened();

    /** A connection that was open is closed. */
    void connectionClosed();

    /** A request has come in or, at a client, been issued. */
    void requestStarted();

    /**
     * A request ended with a value or an absence.
     *
     * @param nanos time since {@link #requestStarted()}, in nanoseconds
     */
    void requestSucceeded(long nanos);

    /**
     * A request ended with an error.
     *
     * @param code which
     * @param nanos time since {@link #requestStarted()}, in nanoseconds
     */
    void requestFailed(ErrorCode code, long nanos);

    /** A request is tried again, somewhere else or after a pause. */
    void requestRetried();

    /** A request ended because its asker has gone or no longer wants the answer. */
    void requestAbandoned();
}
