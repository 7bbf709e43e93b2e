package io.queryablestate.client;

import io.queryablestate.client.serialization.KeySerializer;
import io.queryablestate.client.serialization.Serializer;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.client.serialization.VoidNamespace;
import io.queryablestate.messages.CatalogueEntry;
import io.queryablestate.messages.CatalogueRequest;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.LocationRequest;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.network.CallbackEventLoop;
import io.queryablestate.network.EventLoops;
import io.queryablestate.routing.CachedLocation;
import io.queryablestate.routing.LocationOracle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the keyed state of running jobs. One object for a program: thread-safe, with connections that all callers share.
 *
 * <pre>{@code
 * try (QueryableStateClient client = QueryableStateClient.builder().proxies("tm-1:9069,tm-2:9069").build()) {
 *     QueryableState<String, Long> counts = client.state(
 *             JobId.parse(jobId), "word-counts", Serializers.STRING, StateDescriptor.value(Serializers.LONG));
 *     counts.get("flink").thenAccept(count -> System.out.println(count.orElse(0L)));
 * }
 * }</pre>
 *
 * <p>No method blocks except {@link #close()}, and none throws for what happens on the way: every future ends within the
 * request timeout, with a value, an absence, or a {@link QueryableStateException} whose code says why. A callback
 * may block: a thread that runs callbacks does not read the network meanwhile, another one does. Reads have no
 * effect and are therefore retried within the timeout where that may help.
 */
public final class QueryableStateClient implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(QueryableStateClient.class);
    private static final long MAX_CLOSE_SECONDS = 5;

    private final ClientOptions options;
    private final EventLoops eventLoops;
    private final List<ClientLoop> loops = new ArrayList<>();
    private final @Nullable NamedJobs namedJobs;
    private final AtomicInteger openRequests = new AtomicInteger();
    private final AtomicInteger nextLoop = new AtomicInteger();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile boolean closing;

    QueryableStateClient(ClientOptions options) {
        this.options = options;
        this.namedJobs = options.jobs() == null
                ? null
                : new NamedJobs(options.jobs(), options.requestTimeout(), System::nanoTime);
        this.eventLoops = new EventLoops(
                "qs-client", options.eventLoopThreads(), options.connections().buffers());
        DirectRoutes routes =
                options.directRouting() ? new DirectRoutes(options.requestTimeout(), proxiesAsOracle()) : null;
        for (CallbackEventLoop loop : eventLoops.loops()) {
            Executor callbacks = options.callbacks() == null ? loop::executeCallback : options.callbacks();
            loops.add(new ClientLoop(loop, options, callbacks, openRequests, loops.size(), routes));
        }
    }

    /** Starts a client from the defaults; at least one proxy must be given. */
    public static QueryableStateClientBuilder builder() {
        return new QueryableStateClientBuilder();
    }

    /**
     * A state to ask for keys.
     *
     * @param stateName the name under which the state is queryable
     * @param keySerializer as the job serializes its keys
     * @param descriptor the kind and type of the state
     */
    public <K, V> QueryableState<K, V> state(
            JobId jobId, String stateName, KeySerializer<K> keySerializer, StateDescriptor<V> descriptor) {
        return state(new JobById(jobId), stateName, keySerializer, descriptor);
    }

    /**
     * A state of whichever job has the name. The job's id is found by the first request, within its time, and again when
     * no proxy knows it any more: a job that was submitted anew is found under its new id.
     *
     * @param stateName the name under which the state is queryable
     * @param keySerializer as the job serializes its keys
     * @param descriptor the kind and type of the state
     * @throws IllegalStateException if the client was built without a job manager or job directory
     */
    public <K, V> QueryableState<K, V> state(
            JobName jobName, String stateName, KeySerializer<K> keySerializer, StateDescriptor<V> descriptor) {
        return state(named(jobName), stateName, keySerializer, descriptor);
    }

    private <K, V> QueryableState<K, V> state(
            JobReference job, String stateName, KeySerializer<K> keySerializer, StateDescriptor<V> descriptor) {
        return new QueryableState<>(
                this, job, new StateName(stateName), keySerializer, descriptor, options.requestTimeout());
    }

    /**
     * The id of the job that has the name; looked up only if it is not known yet.
     *
     * @return fails with {@link QueryableStateException}: {@code UNKNOWN_JOB} if there is no such job that runs,
     *     {@code BAD_REQUEST} if there are several, and as a request does if the lookup fails
     * @throws IllegalStateException if the client was built without a job manager or job directory
     */
    public CompletableFuture<JobId> jobId(JobName jobName) {
        NamedJob job = named(jobName);
        return submit(loop -> new JobIdCall(loop, options.requestTimeout().toNanos(), job));
    }

    private NamedJob named(JobName name) {
        if (namedJobs == null) {
            throw new IllegalStateException(
                    "job \"" + name + "\" is given by its name, but the client has no job manager or job directory");
        }
        return namedJobs.of(name);
    }

    /**
     * Reads one key in the manner of Flink's client: an absent key fails the future with
     * {@link UnknownKeyOrNamespaceException}. Everything else is as with {@link QueryableState#get}.
     */
    public <K, V> CompletableFuture<V> getKvState(
            JobId jobId, String stateName, K key, KeySerializer<K> keySerializer, StateDescriptor<V> descriptor) {
        return getKvState(
                state(jobId, stateName, keySerializer, descriptor),
                stateName,
                key,
                VoidNamespace.INSTANCE,
                Serializers.VOID_NAMESPACE);
    }

    /** The same for a key in a namespace, such as a window. */
    public <K, N, V> CompletableFuture<V> getKvState(
            JobId jobId,
            String stateName,
            K key,
            KeySerializer<K> keySerializer,
            N namespace,
            Serializer<N> namespaceSerializer,
            StateDescriptor<V> descriptor) {
        return getKvState(
                state(jobId, stateName, keySerializer, descriptor), stateName, key, namespace, namespaceSerializer);
    }

    private static <K, N, V> CompletableFuture<V> getKvState(
            QueryableState<K, V> state, String stateName, K key, N namespace, Serializer<N> namespaceSerializer) {
        return state.ask(key, namespace, namespaceSerializer, value -> {
            if (value == null) {
                throw new UnknownKeyOrNamespaceException(stateName);
            }
            return value;
        });
    }

    /**
     * Where the key groups of a state are, as far as a proxy knows.
     *
     * @return fails as a read of that state would
     */
    public CompletableFuture<KvStateLocation> location(JobId jobId, String stateName) {
        return location(jobId, stateName, 0);
    }

    private CompletableFuture<KvStateLocation> location(JobId jobId, String stateName, int flags) {
        return submit(loop -> new ProxyQuestion<>(
                loop,
                options.requestTimeout().toNanos(),
                (out, id, budgetMillis) -> new LocationRequest(budgetMillis, jobId, stateName).encode(out, flags, id),
                MessageType.LOCATION,
                KvStateLocation::decode,
                null));
    }

    /**
     * The states that the proxies know: each is asked for those of its own task manager.
     *
     * @return never fails because of a proxy that does not answer; the catalogue names those
     */
    public CompletableFuture<Catalogue> catalogue() {
        Map<ServerAddress, CompletableFuture<List<CatalogueEntry>>> asked = new LinkedHashMap<>();
        for (ServerAddress proxy : options.proxies()) {
            asked.put(proxy, catalogueOf(proxy));
        }
        return CompletableFuture.allOf(asked.values().toArray(CompletableFuture[]::new))
                .handle((done, failure) -> union(asked));
    }

    private CompletableFuture<List<CatalogueEntry>> catalogueOf(ServerAddress proxy) {
        return submit(loop -> new ProxyQuestion<>(
                loop,
                options.requestTimeout().toNanos(),
                (out, id, budgetMillis) -> new CatalogueRequest(budgetMillis).encode(out, id),
                MessageType.CATALOGUE,
                CatalogueEntry::decodeAll,
                proxy));
    }

    private static Catalogue union(Map<ServerAddress, CompletableFuture<List<CatalogueEntry>>> asked) {
        Set<CatalogueEntry> entries = new LinkedHashSet<>();
        List<ServerAddress> answered = new ArrayList<>();
        Map<ServerAddress, QueryableStateException> failed = new LinkedHashMap<>();
        asked.forEach((proxy, answer) -> {
            try {
                entries.addAll(answer.join());
                answered.add(proxy);
            } catch (CompletionException e) {
                failed.put(
                        proxy,
                        e.getCause() instanceof QueryableStateException typed
                                ? typed
                                : new QueryableStateException(
                                        ErrorCode.STATE_FAILED, "the answer was not readable", e));
            }
        });
        return new Catalogue(List.copyOf(entries), answered, failed);
    }

    private LocationOracle proxiesAsOracle() {
        return new LocationOracle() {
            @Override
            public CompletableFuture<KvStateLocation> locate(JobId jobId, String stateName) {
                return location(jobId, stateName);
            }

            @Override
            public CompletableFuture<KvStateLocation> locateAnew(JobId jobId, String stateName) {
                return location(jobId, stateName, Frames.FLAG_LOCATION_STALE);
            }
        };
    }

    /** The current thread is about to wait for answers. */
    void beforeWaiting() {
        loops.forEach(loop -> loop.beforeWaiting().run());
    }

    /** Where a state is, if this client asks state servers directly and knows it. */
    @Nullable
    CachedLocation locationOf(StateName state, JobId jobId) {
        return closing ? null : loops.get(0).locationOf(state, jobId);
    }

    <R> CompletableFuture<R> submit(Function<ClientLoop, ClientCall<R>> newCall) {
        return submit(1, newCall);
    }

    /** Begins a call for so many keys, each of which counts as an open request. */
    <R> CompletableFuture<R> submit(int keys, Function<ClientLoop, ClientCall<R>> newCall) {
        // Counted before it is asked whether the client is closing, which waits for what is counted: either this sees
        // that
        // it closes, or the event loops go on until the call has ended.
        int open = openRequests.addAndGet(keys);
        if (closing) {
            openRequests.addAndGet(-keys);
            return CompletableFuture.failedFuture(closedException());
        }
        if (open > options.maxOpenRequests()) {
            openRequests.addAndGet(-keys);
            return CompletableFuture.failedFuture(new QueryableStateException(
                    ErrorCode.OVERLOADED, "more than " + options.maxOpenRequests() + " open requests of this client"));
        }
        ClientLoop loop =
                loops.size() == 1 ? loops.get(0) : loops.get(Math.floorMod(nextLoop.getAndIncrement(), loops.size()));
        ClientCall<R> call = newCall.apply(loop);
        try {
            loop.submit(call);
        } catch (RejectedExecutionException e) {
            openRequests.addAndGet(-keys);
            return CompletableFuture.failedFuture(closedException());
        }
        return call.future();
    }

    /**
     * Closes the client without waiting: open requests fail as {@code CLIENT_CLOSED}, connections are closed, threads
     * end.
     *
     * @return completes when that is done; callbacks that have started may still run
     */
    public CompletableFuture<Void> closeAsync() {
        synchronized (this) {
            if (closing) {
                return closed;
            }
            closing = true;
        }
        CompletableFuture<?>[] loopsClosed =
                loops.stream().map(ClientLoop::close).toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(loopsClosed)
                .thenCompose(done -> loops.get(0).whenNoneOpen())
                .thenCompose(done -> eventLoops.stop())
                .whenComplete((done, failure) -> closed.complete(null));
        return closed;
    }

    /**
     * Closes the client and waits until that is done, a few seconds at most. A callback that an executor runs on the
     * client's own event loop does not wait: it stands in the way of what it would wait for.
     */
    @Override
    public void close() {
        CompletableFuture<Void> done = closeAsync();
        if (loops.stream().anyMatch(ClientLoop::isCurrentThread)) {
            return;
        }
        done.copy()
                .orTimeout(MAX_CLOSE_SECONDS, TimeUnit.SECONDS)
                .exceptionally(late -> {
                    LOG.warn("The client has not closed in time");
                    return null;
                })
                .join();
    }

    private static QueryableStateException closedException() {
        return new QueryableStateException(ErrorCode.CLIENT_CLOSED, "the client is closed");
    }
}
