package io.queryablestate.proxy;

import io.queryablestate.network.Backoff;
import io.queryablestate.network.ConnectionOptions;
import io.queryablestate.network.ServerOptions;
import java.time.Duration;

/**
 * How a proxy listens, looks locations up and retries. Immutable.
 *
 * @param server how it listens and what it allows its clients
 * @param upstream how it connects to state servers
 * @param lookupTimeout how long one location lookup may take
 * @param minLookupInterval pause between the starts of two lookups for the same state
 * @param maxCachedLocations states whose location is kept
 * @param maxAttempts how often one request is sent to a state server at most
 * @param retryPause pauses between the attempts of one request
 */
public record ProxyOptions(
        ServerOptions server,
        ConnectionOptions upstream,
        Duration lookupTimeout,
        Duration minLookupInterval,
        int maxCachedLocations,
        int maxAttempts,
        Backoff retryPause) {

    private static final int MAX_ATTEMPTS = 100;

    public ProxyOptions {
        if (lookupTimeout.toMillis() < 1 || minLookupInterval.isNegative()) {
            throw new IllegalArgumentException(
                    "a lookup timeout of " + lookupTimeout + " and an interval of " + minLookupInterval);
        }
        if (maxCachedLocations < 1 || maxAttempts < 1 || maxAttempts > MAX_ATTEMPTS) {
            throw new IllegalArgumentException(maxCachedLocations + " cached locations and " + maxAttempts
                    + " attempts, expected at least 1, and at most " + MAX_ATTEMPTS + " attempts");
        }
    }

    /** Starts from the defaults, listening on the loopback address only. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options; used by one thread. */
    public static final class Builder {
        private ServerOptions server = ServerOptions.builder().build();
        private ConnectionOptions upstream = ConnectionOptions.builder().build();
        private Duration lookupTimeout = Duration.ofSeconds(1);
        private Duration minLookupInterval = Duration.ofMillis(100);
        private int maxCachedLocations = 10_000;
        private int maxAttempts = 5;
        private Backoff retryPause = new Backoff(Duration.ofMillis(10), Duration.ofMillis(500));

        private Builder() {}

        /** How it listens and what it allows its clients; default: any free port of the loopback address. */
        public Builder server(ServerOptions options) {
            this.server = options;
            return this;
        }

        /** How it connects to state servers. */
        public Builder upstream(ConnectionOptions options) {
            this.upstream = options;
            return this;
        }

        /** How long one location lookup may take; default 1 s. */
        public Builder lookupTimeout(Duration timeout) {
            this.lookupTimeout = timeout;
            return this;
        }

        /** Pause between the starts of two lookups for the same state; default 100 ms. */
        public Builder minLookupInterval(Duration interval) {
            this.minLookupInterval = interval;
            return this;
        }

        /** States whose location is kept, at least 1; default 10,000. */
        public Builder maxCachedLocations(int states) {
            this.maxCachedLocations = states;
            return this;
        }

        /** How often one request is sent to a state server at most, 1 to 100; default 5. */
        public Builder maxAttempts(int attempts) {
            this.maxAttempts = attempts;
            return this;
        }

        /** Pauses between the attempts of one request; default: up to 10 ms, doubling to up to 500 ms. */
        public Builder retryPause(Backoff pause) {
            this.retryPause = pause;
            return this;
        }

        /**
         * The finished options.
         *
         * @throws IllegalArgumentException if one of them is out of its range
         */
        public ProxyOptions build() {
            return new ProxyOptions(
                    server, upstream, lookupTimeout, minLookupInterval, maxCachedLocations, maxAttempts, retryPause);
        }
    }
}
