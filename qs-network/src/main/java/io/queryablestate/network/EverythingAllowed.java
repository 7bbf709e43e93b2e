package io.queryablestate.network;

import io.queryablestate.messages.JobId;

/** The policy of a server that has none. */
enum EverythingAllowed implements AccessPolicy {
    POLICY;

    @Override
    public boolean mayRead(Identity who, JobId job, String stateName) {
        return true;
    }
}
