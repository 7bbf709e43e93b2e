package io.queryablestate.network;

import io.queryablestate.messages.JobId;

/**
 * Who may read which state. Asked for every request, on event loops: it must return at once, and depend on nothing but
 * its arguments. It must not depend on whether the state exists: a peer that may not read a state is answered as if there
 * were none.
 */
@FunctionalInterface
public interface AccessPolicy {

    /** Whether the identity may read the state of that name of that job. */
    boolean mayRead(Identity who, JobId job, String stateName);

    /** Everybody may read everything. */
    static AccessPolicy everything() {
        return EverythingAllowed.POLICY;
    }
}
