package io.queryablestate.client;

import io.queryablestate.messages.ServerAddress;
import io.queryablestate.network.Backoff;
import io.queryablestate.network.ConnectionOptions;
import io.queryablestate.network.RequestStats;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What a client was built with. {@link QueryableStateClientBuilder} documents each part. */
record ClientOptions(
        List<ServerAddress> proxies,
        Duration requestTimeout,
        int maxAttempts,
        Backoff retryPause,
        int maxOpenRequests,
        int eventLoopThreads,
        ConnectionOptions connections,
        boolean directRouting,
        @Nullable Executor callbacks,
        @Nullable JobDirectory jobs,
        RequestStats stats) {

    private static final Duration MIN_TIMEOUT = Duration.ofMillis(1);
    private static final Duration MAX_TIMEOUT = Duration.ofDays(1);

    /** Refuses a time limit that is none, or that does not fit the wire. */
    static void checkTimeout(Duration requestTimeout) {
        if (requestTimeout.compareTo(MIN_TIMEOUT) < 0 || requestTimeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException("a request timeout is 1 ms to one day, got " + requestTimeout);
        }
    }
}
