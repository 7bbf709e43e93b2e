package io.queryablestate.client;

import io.queryablestate.messages.ServerAddress;
import io.queryablestate.network.Backoff;
import io.queryablestate.network.ConnectionOptions;
import io.queryablestate.network.RequestStats;
import io.queryablestate.network.TlsOptions;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Collects what a client needs; used by one thread. Only the proxies have no default. */
public final class QueryableStateClientBuilder {

    private static final Backoff RETRY_PAUSE = new Backoff(Duration.ofMillis(20), Duration.ofMillis(500));

    private final Set<ServerAddress> proxies = new LinkedHashSet<>();
    private Duration requestTimeout = Duration.ofSeconds(2);
    private Duration connectTimeout = Duration.ofSeconds(2);
    private int maxAttempts = 5;
    private int maxOpenRequests = 10_000;
    private int maxInFlightPerConnection = 1024;
    private int maxResponseBytes = 64 * 1024 * 1024;
    private int eventLoopThreads = 1;
    private boolean directRouting;
    private String token = "";
    private String clusterId = "";
    private @Nullable TlsOptions tls;
    private @Nullable Executor callbackExecutor;
    private @Nullable JobDirectory jobs;
    private RequestStats stats = RequestStats.noop();

    QueryableStateClientBuilder() {}

    /**
     * Adds proxies, written {@code host:port,host:port}. Several of them share the load and stand in for each other.
     * One that is given twice counts once.
     *
     * @throws IllegalArgumentException if one of them is not of that form
     */
    public QueryableStateClientBuilder proxies(String addresses) {
        for (String address : addresses.split(",", -1)) {
            proxies.add(ServerAddress.parse(address.strip()));
        }
        return this;
    }

    /**
     * Adds a proxy.
     *
     * @param port 1 to 65535
     * @throws IllegalArgumentException if the port is not in that range, or the host blank
     */
    public QueryableStateClientBuilder proxy(String host, int port) {
        proxies.add(new ServerAddress(host, port));
        return this;
    }

    /**
     * Adds a proxy. Its name is resolved anew on each connection attempt; an address that was given unresolved is
     * therefore no error here, but fails requests as {@code CONNECTION_REFUSED} as long as the name does not resolve.
     */
    public QueryableStateClientBuilder proxy(InetSocketAddress address) {
        return proxy(address.getHostString(), address.getPort());
    }

    /** Adds a proxy. */
    public QueryableStateClientBuilder proxy(ServerAddress address) {
        proxies.add(address);
        return this;
    }

    /**
     * How long a request may take, attempts and waiting included, 1 ms to one day; default 2 s. A server gives up on a
     * request after five minutes, however long its asker would wait.
     */
    public QueryableStateClientBuilder requestTimeout(Duration timeout) {
        this.requestTimeout = timeout;
        return this;
    }

    /** How long connecting to a proxy may take, the proxy's first answer included; default 2 s. */
    public QueryableStateClientBuilder connectTimeout(Duration timeout) {
        this.connectTimeout = timeout;
        return this;
    }

    /** How often one request is sent at most; default 5, 1 for no retries. */
    public QueryableStateClientBuilder maxAttempts(int attempts) {
        this.maxAttempts = attempts;
        return this;
    }

    /** How many requests may be open at a time; further ones fail at once as {@code OVERLOADED}. Default 10,000. */
    public QueryableStateClientBuilder maxOpenRequests(int requests) {
        this.maxOpenRequests = requests;
        return this;
    }

    /** How many requests are under way on one connection; further ones wait in the client. Default 1,024. */
    public QueryableStateClientBuilder maxInFlightPerConnection(int requests) {
        this.maxInFlightPerConnection = requests;
        return this;
    }

    /** The largest value accepted, in bytes; a larger one costs the connection. Default 64 MiB. */
    public QueryableStateClientBuilder maxResponseBytes(int bytes) {
        this.maxResponseBytes = bytes;
        return this;
    }

    /** How many event loops read and write the network, at least 1; default 1. Each has its own connections. */
    public QueryableStateClientBuilder eventLoopThreads(int threads) {
        this.eventLoopThreads = threads;
        return this;
    }

    /**
     * Runs decoding and callbacks. By default the client's own threads do, between reading and writing the network: a
     * callback that blocks, of which there may be 256 at a time, delays other requests once, by some two milliseconds.
     * With an executor of one's own it delays none, and each answer is handed over; one that runs tasks on the calling
     * thread lets a callback that blocks stall every request.
     */
    public QueryableStateClientBuilder callbackExecutor(Executor executor) {
        this.callbackExecutor = executor;
        return this;
    }

    /**
     * Finds jobs by their names at a Flink JobManager, through its REST interface; without it, jobs have to be given by
     * their ids.
     *
     * @param address {@code host:port}, or an {@code http} or {@code https} URL, to which {@code /v1/jobs/overview} is
     *     added. TLS uses the JVM's default trust store, and its default key store if that is set
     * @throws IllegalArgumentException if it is none of these
     */
    public QueryableStateClientBuilder jobManager(String address) {
        return jobDirectory(new JobManagerDirectory(address));
    }

    /** Finds jobs by their names, in place of a job manager. */
    public QueryableStateClientBuilder jobDirectory(JobDirectory directory) {
        this.jobs = directory;
        return this;
    }

    /**
     * Whether requests go to the state servers themselves, which takes half the way; default false. The proxies are still
     * needed: they tell where states are, and are asked whenever a state server cannot be reached from here, or does not have
     * the key any more, so nothing is lost where only some state servers, or none, can be reached. The token must be one
     * that the state servers know too.
     */
    public QueryableStateClientBuilder directRouting(boolean direct) {
        this.directRouting = direct;
        return this;
    }

    /** Who asks, told to the proxies; default nobody. With a token, version 1 is never spoken. */
    public QueryableStateClientBuilder token(String secret) {
        this.token = secret;
        return this;
    }

    /**
     * Speaks TLS with the proxies, trusting whom these options say and showing their certificate where one is asked for;
     * default: no TLS. Proxies that speak no TLS, or that are not trusted, fail requests as {@code TLS_FAILED}; with TLS,
     * version 1 is never spoken.
     */
    public QueryableStateClientBuilder tls(TlsOptions options) {
        this.tls = options;
        return this;
    }

    /** The cluster that the proxies must belong to; default any. */
    public QueryableStateClientBuilder clusterId(String id) {
        this.clusterId = id;
        return this;
    }

    /** Told of connections, requests and retries; default nobody. */
    public QueryableStateClientBuilder stats(RequestStats listener) {
        this.stats = listener;
        return this;
    }

    /**
     * Starts the client's threads; connections are made when they are needed.
     *
     * @throws IllegalArgumentException if there is no proxy, or an option is out of its range
     */
    public QueryableStateClient build() {
        if (proxies.isEmpty()) {
            throw new IllegalArgumentException("a client needs at least one proxy");
        }
        ClientOptions.checkTimeout(requestTimeout);
        if (maxAttempts < 1 || maxOpenRequests < 1 || eventLoopThreads < 1) {
            throw new IllegalArgumentException(maxAttempts + " attempts, " + maxOpenRequests + " open requests, "
                    + eventLoopThreads + " threads, expected at least 1 each");
        }
        ConnectionOptions connections = ConnectionOptions.builder()
                .connectTimeout(connectTimeout)
                .maxInFlight(maxInFlightPerConnection)
                .maxWaiting(maxOpenRequests)
                .maxResponseBytes(maxResponseBytes)
                .token(token)
                .clusterId(clusterId)
                .tls(tls)
                .stats(stats)
                .build();
        return new QueryableStateClient(new ClientOptions(
                List.copyOf(proxies),
                requestTimeout,
                maxAttempts,
                RETRY_PAUSE,
                maxOpenRequests,
                eventLoopThreads,
                connections,
                directRouting,
                callbackExecutor,
                jobs,
                stats));
    }
}
