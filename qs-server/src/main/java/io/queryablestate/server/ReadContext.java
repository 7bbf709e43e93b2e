package io.queryablestate.server;

/** What a read in progress asks before it goes on. */
public interface ReadContext {

    /**
     * Called between two elements of a value, so that no read outlives the interest in it. Costs a few field reads and
     * one look at the clock.
     *
     * @param bytesSoFar size of the answer as far as it is built
     * @throws io.queryablestate.messages.QueryableStateException {@code UNKNOWN_KV_STATE_ID} if the state is being
     *     unregistered, {@code DEADLINE_EXCEEDED} if the time is up or the asker has gone, {@code FRAME_TOO_LARGE} if the
     *     answer exceeds the response limit
     */
    void check(long bytesSoFar);
}
