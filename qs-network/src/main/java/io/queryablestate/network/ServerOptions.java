package io.queryablestate.network;

import java.time.Duration;
import java.util.Set;

/**
 * How a server listens and what it allows its peers. Immutable.
 *
 * @param bindHost name or address to listen on
 * @param advertisedHost name or address that others reach it by
 * @param ports the ports to try, in order
 * @param eventLoopThreads threads that read and write sockets
 * @param maxRequestBytes the longest frame accepted, without its length word
 * @param maxInFlight requests of one connection that may be under way; beyond it the connection is not read
 * @param maxTotalInFlight requests of all connections that may be under way; further ones are refused as overloaded
 * @param maxConnections connections that may be open; further ones are refused as overloaded
 * @param requestTimeout time budget of a request that names none
 * @param drainTimeout how long a stopping server works on what it has accepted
 * @param security whom it serves, and what they may read
 * @param clusterId the cluster the server belongs to, told to clients; empty for none
 * @param buffers the byte budget that the server's connections share with others
 */
public record ServerOptions(
        String bindHost,
        String advertisedHost,
        PortRange ports,
        int eventLoopThreads,
        int maxRequestBytes,
        int maxInFlight,
        int maxTotalInFlight,
        int maxConnections,
        Duration requestTimeout,
        Duration drainTimeout,
        ServerSecurity security,
        String clusterId,
        BufferBudget buffers) {

    public ServerOptions {
        if (bindHost.isBlank() || advertisedHost.isBlank()) {
            throw new IllegalArgumentException("the host is blank");
        }
        atLeastOne("event-loop threads", eventLoopThreads);
        atLeastOne("the request limit in bytes", maxRequestBytes);
        atLeastOne("requests in flight", maxInFlight);
        atLeastOne("requests in flight in total", maxTotalInFlight);
        atLeastOne("connections", maxConnections);
        if (requestTimeout.toMillis() < 1 || drainTimeout.isNegative()) {
            throw new IllegalArgumentException(
                    "a request timeout of " + requestTimeout + " and a drain timeout of " + drainTimeout);
        }
    }

    @Override
    public String toString() {
        return "ServerOptions[" + bindHost + " as " + advertisedHost + ", ports " + ports + "]";
    }

    private static void atLeastOne(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + ": expected at least 1, got " + value);
        }
    }

    /** An event loop's share of the requests that may be under way in total. */
    int maxInFlightOfLoop() {
        return Math.max(1, maxTotalInFlight / eventLoopThreads);
    }

    /** Starts from the defaults, listening on the loopback address only. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options; used by one thread. */
    public static final class Builder {
        private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");

        private String bindHost = "127.0.0.1";
        private String advertisedHost = "";
        private PortRange ports = PortRange.anyFree();
        private int eventLoopThreads = Runtime.getRuntime().availableProcessors();
        private int maxRequestBytes = 1024 * 1024;
        private int maxInFlight = 1024;
        private int maxTotalInFlight = 65_536;
        private int maxConnections = 10_000;
        private Duration requestTimeout = Duration.ofSeconds(2);
        private Duration drainTimeout = Duration.ofSeconds(5);
        private ServerSecurity security = ServerSecurity.none();
        private String clusterId = "";
        private BufferBudget buffers = BufferBudget.ofProcess();

        private Builder() {}

        /** Name or address to listen on; default {@code 127.0.0.1}. */
        public Builder bindHost(String host) {
            this.bindHost = host;
            return this;
        }

        /** Name or address that others reach the server by; default: where it listens, unless that is everywhere. */
        public Builder advertisedHost(String host) {
            this.advertisedHost = host;
            return this;
        }

        /** Ports to try, in order; default: any free one. */
        public Builder ports(PortRange range) {
            this.ports = range;
            return this;
        }

        /** Threads that read and write sockets, at least 1; default: one for each processor. */
        public Builder eventLoopThreads(int threads) {
            this.eventLoopThreads = threads;
            return this;
        }

        /** Longest frame accepted, in bytes; default 1 MiB. A longer one ends the connection. */
        public Builder maxRequestBytes(int bytes) {
            this.maxRequestBytes = bytes;
            return this;
        }

        /** Requests of one connection under way, at least 1; default 1,024. Beyond it the connection is not read. */
        public Builder maxInFlight(int requests) {
            this.maxInFlight = requests;
            return this;
        }

        /**
         * Requests of all connections under way, at least 1; default 65,536. Each event loop has an equal share of them,
         * and refuses what is beyond it as {@code OVERLOADED}.
         */
        public Builder maxTotalInFlight(int requests) {
            this.maxTotalInFlight = requests;
            return this;
        }

        /**
         * Connections open at a time, at least 1; default 10,000. Further ones are refused as {@code OVERLOADED}, or closed
         * without a word if they speak version 1 or there are very many of them.
         */
        public Builder maxConnections(int connections) {
            this.maxConnections = connections;
            return this;
        }

        /** Time budget of a request that names none, which is every version-1 request; default 2 s. */
        public Builder requestTimeout(Duration timeout) {
            this.requestTimeout = timeout;
            return this;
        }

        /** How long a stopping server works on what it has accepted; default 5 s. */
        public Builder drainTimeout(Duration timeout) {
            this.drainTimeout = timeout;
            return this;
        }

        /** Whom it serves and what they may read; default: everybody, and everything. */
        public Builder security(ServerSecurity options) {
            this.security = options;
            return this;
        }

        /** The cluster the server belongs to; default none. Clients that ask for another one are refused. */
        public Builder clusterId(String id) {
            this.clusterId = id;
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
         * @throws IllegalArgumentException if one of them is out of its range, or the server listens on all addresses
         *     and it is not said by which one others reach it
         */
        public ServerOptions build() {
            if (advertisedHost.isBlank() && WILDCARDS.contains(bindHost)) {
                throw new IllegalArgumentException(
                        "a server that listens on " + bindHost + " needs an advertised host, by which others reach it");
            }
            String advertised = advertisedHost.isBlank() ? bindHost : advertisedHost;
            return new ServerOptions(
                    bindHost,
                    advertised,
                    ports,
                    eventLoopThreads,
                    maxRequestBytes,
                    maxInFlight,
                    maxTotalInFlight,
                    maxConnections,
                    requestTimeout,
                    drainTimeout,
                    security,
                    clusterId,
                    buffers);
        }
    }
}
