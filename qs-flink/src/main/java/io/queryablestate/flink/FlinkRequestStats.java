package io.queryablestate.flink;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.network.RequestStats;
import java.util.concurrent.TimeUnit;
import org.apache.flink.queryablestate.network.stats.KvStateRequestStats;

/** Tells Flink's listener, which does not know retries, what ours is told. A request that its asker gives up has failed. */
final class FlinkRequestStats implements RequestStats {

    private final KvStateRequestStats stats;

    FlinkRequestStats(KvStateRequestStats stats) {
        this.stats = stats;
    }

    @Override
    public void connectionOpened() {
        stats.reportActiveConnection();
    }

    @Override
    public void connectionClosed() {
        stats.reportInactiveConnection();
    }

    @Override
    public void requestStarted() {
        stats.reportRequest();
    }

    @Override
    public void requestSucceeded(long nanos) {
        stats.reportSuccessfulRequest(TimeUnit.NANOSECONDS.toMillis(nanos));
    }

    @Override
    public void requestFailed(ErrorCode code, long nanos) {
        stats.reportFailedRequest();
    }

    @Override
    public void requestRetried() {
        // Still the same request.
    }

    @Override
    public void requestAbandoned() {
        stats.reportFailedRequest();
    }
}
