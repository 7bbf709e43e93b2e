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
        @Nullable Executor callbacks,
        RequestStats stats) {}
