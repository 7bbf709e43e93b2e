package io.queryablestate.messages;

/** What a hop that meets an error does about it. */
public enum Disposition {
    /** The location may be out of date: the proxy looks it up again and retries. */
    REFRESH_LOCATION,
    /** The state may be available soon: the client retries after a pause. */
    RETRY_LATER,
    /** Retrying cannot help. */
    FAIL
}
