package io.queryablestate.network;

import io.queryablestate.messages.Hello;
import io.queryablestate.messages.KvStateResultCodec;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How connections to servers are made and what is allowed to them. Immutable.
 *
 * @param connectTimeout time for a connection attempt: resolving the name, connecting, and the answer to the hello
 * @param maxResponseBytes the largest value accepted
 * @param maxInFlight requests under way on one connection; further ones wait
 * @param maxWaiting requests that may wait for one connection; further ones are refused as overloaded
 * @param token who asks; empty for nobody. With a token, version 1 is never spoken
 * @param clusterId the cluster that servers must belong to; empty for any
 * @param tls how connections are protected; null for not at all. With TLS, version 1 is never spoken
 * @param stats told of connections
 * @param buffers the byte budget that the connections share with others
 */
public record ConnectionOptions(
        Duration connectTimeout,
        int maxResponseBytes,
        int maxInFlight,
        int maxWaiting,
        String token,
        String clusterId,
        @Nullable TlsOptions tls,
        RequestStats stats,
        BufferBudget buffers) {

    /** Leaves room for the length word in the array or buffer that holds a frame. */
    private static final int MAX_FRAME_BYTES = Integer.MAX_VALUE - 64;

    public ConnectionOptions {
        if (connectTimeout.toMillis() < 1 || connectTimeout.toMillis() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a connect timeout is 1 to 2147483647 ms, got " + connectTimeout);
        }
        if (maxResponseBytes < 1 || maxInFlight < 1 || maxWaiting < 0) {
            throw new IllegalArgumentException("limits of " + maxResponseBytes + " response bytes, " + maxInFlight
                    + " requests in flight, " + maxWaiting + " waiting");
        }
    }

    /** Starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Never shows the token. */
    @Override
    public String toString() {
        return "ConnectionOptions[connect timeout " + connectTimeout + ", cluster \"" + clusterId + "\"]";
    }

    Hello hello() {
        return new Hello(Hello.VERSION, Hello.VERSION, token, clusterId);
    }

    /** The longest frame without its length word, which is a result with the largest value. */
    int maxFrameBytes() {
        long header = KvStateResultCodec.HEADER_BYTES - Integer.BYTES;
        return (int) Math.min(maxResponseBytes + header, MAX_FRAME_BYTES);
    }

    int connectTimeoutMillis() {
        return (int) connectTimeout.toMillis();
    }

    boolean allowsVersion1() {
        return token.isEmpty() && tls == null;
    }

    /** Collects options; used by one thread. */
    public static final class Builder {
        private Duration connectTimeout = Duration.ofSeconds(2);
        private int maxResponseBytes = 64 * 1024 * 1024;
        private int maxInFlight = 1024;
        private int maxWaiting = 10_000;
        private String token = "";
        private String clusterId = "";
        private @Nullable TlsOptions tls;
        private RequestStats stats = RequestStats.noop();
        private BufferBudget buffers = BufferBudget.ofProcess();

        private Builder() {}

        /** Time for a connection attempt, hello included; default 2 s. */
        public Builder connectTimeout(Duration timeout) {
            this.connectTimeout = timeout;
            return this;
        }

        /** Largest value accepted, in bytes; default 64 MiB. A larger one costs the connection. */
        public Builder maxResponseBytes(int bytes) {
            this.maxResponseBytes = bytes;
            return this;
        }

        /** Requests under way on one connection, at least 1; default 1,024. */
        public Builder maxInFlight(int requests) {
            this.maxInFlight = requests;
            return this;
        }

        /** Requests that may wait for one connection; default 10,000. */
        public Builder maxWaiting(int requests) {
            this.maxWaiting = requests;
            return this;
        }

        /** Who asks; default nobody. With a token, version 1 is never spoken. */
        public Builder token(String secret) {
            this.token = secret;
            return this;
        }

        /** The cluster that servers must belong to; default any. */
        public Builder clusterId(String id) {
            this.clusterId = id;
            return this;
        }

        /** Whom to trust, and own certificate; default: no TLS. With TLS, version 1 is never spoken. */
        public Builder tls(@Nullable TlsOptions options) {
            this.tls = options;
            return this;
        }

        /** Told of connections; default nobody. */
        public Builder stats(RequestStats listener) {
            this.stats = listener;
            return this;
        }

        /** The byte budget for large frames; default: the one of the process, half of its direct memory. */
        public Builder buffers(BufferBudget budget) {
            this.buffers = budget;
            return this;
        }

        /**
         * The finished options.
         *
         * @throws IllegalArgumentException if one of them is out of its range
         */
        public ConnectionOptions build() {
            return new ConnectionOptions(
                    connectTimeout, maxResponseBytes, maxInFlight, maxWaiting, token, clusterId, tls, stats, buffers);
        }
    }
}
