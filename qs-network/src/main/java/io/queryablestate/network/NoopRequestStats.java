package io.queryablestate.network;

import io.queryablestate.messages.ErrorCode;

/** Counts nothing. */
enum NoopRequestStats implements RequestStats {
    INSTANCE;

    @Override
    public void connectionOpened() {}

    @Override
    public void connectionClosed() {}

    @Override
    public void requestStarted() {}

    @Override
    public void requestSucceeded(long nanos) {}

    @Override
    public void requestFailed(ErrorCode code, long nanos) {}

    @Override
    public void requestRetried() {}

    @Override
    public void requestAbandoned() {}
}
