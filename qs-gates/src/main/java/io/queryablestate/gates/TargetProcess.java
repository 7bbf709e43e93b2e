package io.queryablestate.gates;

import com.sun.management.ThreadMXBean;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KvStateId;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.KvStatePlacement;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.network.BufferBudget;
import io.queryablestate.network.ConnectionOptions;
import io.queryablestate.network.CountingStats;
import io.queryablestate.network.ServerOptions;
import io.queryablestate.network.ServerSecurity;
import io.queryablestate.network.Tokens;
import io.queryablestate.proxy.KvStateClientProxy;
import io.queryablestate.proxy.ProxyOptions;
import io.queryablestate.server.KvState;
import io.queryablestate.server.KvStateRegistration;
import io.queryablestate.server.KvStateRegistry;
import io.queryablestate.server.KvStateRegistryOptions;
import io.queryablestate.server.KvStateServer;
import io.queryablestate.server.ReadContext;
import io.queryablestate.server.ReadMode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/**
 * A state server and a proxy in a process with little memory, to be filled and fooled. Prints where proxy and server
 * listen. Its states are {@link StampedState#NAME}, {@link #KIBIBYTE} and {@link #LARGE} with values of that size, {@link
 * #BUSY}, whose reads take a millisecond of a query thread, and {@link #BROKEN}, whose reads fail. On standard input it
 * takes {@code usage}, {@code end-job}, {@link #ELSEWHERE}, {@link #LOOKUPS} and {@link #ALLOCATED}. With the argument
 * {@link #LOGIN}, it serves only who shows {@link #TOKEN}.
 */
public final class TargetProcess {

    static final String KIBIBYTE = "kibibyte";
    static final String LARGE = "large";
    static final String BROKEN = "broken";
    static final String BUSY = "busy";
    /** Command, followed by a port of this machine: a state of that name is there from now on. Also the name. */
    static final String ELSEWHERE = "elsewhere";
    /** Command: how many lookups there were. */
    static final String LOOKUPS = "lookups";
    /** Command: how much has been allocated by all threads but that of the commands. */
    static final String ALLOCATED = "allocated";

    static final String LOGIN = "login";
    static final String TOKEN = "of-the-gate";
    /** What the failures of {@link #BROKEN} say and nobody else may. */
    static final String SECRET = "at org.example.Inside.read(Inside.java:7) in /var/lib/inside on 10.1.2.3";

    static final int LARGE_BYTES = 256 * 1024;
    static final int RESPONSE_LIMIT = 8 * 1024 * 1024;
    static final int QUERY_THREADS = 2;

    private final KvStateRegistry registry = new KvStateRegistry(KvStateRegistryOptions.builder()
            .queryThreads(QUERY_THREADS)
            .responseLimit(RESPONSE_LIMIT)
            .build());
    private final Map<String, KvStatePlacement> states = new ConcurrentHashMap<>();
    private final AtomicLong lookups = new AtomicLong();
    private final KvStateServer server;
    private final KvStateClientProxy proxy;

    private TargetProcess(boolean login) throws IOException {
        ServerOptions listening = options(login);
        this.server = new KvStateServer(listening, registry, new CountingStats());
        ConnectionOptions upstream = ConnectionOptions.builder()
                .maxResponseBytes(RESPONSE_LIMIT)
                .token(login ? TOKEN : "")
                .build();
        this.proxy = new KvStateClientProxy(
                ProxyOptions.builder().server(listening).upstream(upstream).build(),
                registry::catalogue,
                new CountingStats());
        server.start();
        register(StampedState.NAME, new StampedState(0, ServerProcess.VALUE_BYTES), ReadMode.inline());
        register(KIBIBYTE, new StampedState(0, 1024), ReadMode.inline());
        register(BROKEN, TargetProcess::breakDown, ReadMode.inline());
        register(LARGE, new StampedState(0, LARGE_BYTES), ReadMode.inline());
        BrokenState busy = new BrokenState(ServerProcess.VALUE_BYTES);
        busy.pause(Duration.ofMillis(1));
        register(BUSY, busy, ReadMode.pooled());
        proxy.updateLocationOracle(StampedState.JOB, this::locate);
        proxy.start();
    }

    private static ServerOptions options(boolean login) {
        ServerOptions.Builder options = ServerOptions.builder().eventLoopThreads(1);
        if (login) {
            options.security(ServerSecurity.builder()
                    .tokens(Tokens.of(Map.of("gate", TOKEN)))
                    .build());
        }
        return options.build();
    }

    private void register(String name, KvState state, ReadMode mode) {
        KvStateId id = KvStateId.random();
        states.put(name, new KvStatePlacement(id, server.address()));
        registry.register(KvStateRegistration.builder()
                .kvStateId(id)
                .jobId(StampedState.JOB)
                .stateName(name)
                .keyGroups(StampedState.KEY_GROUPS, StampedState.allKeyGroups())
                .state(state, mode)
                .build());
    }

    private CompletableFuture<KvStateLocation> locate(JobId job, String name) {
        lookups.incrementAndGet();
        KvStatePlacement placement = states.get(name);
        if (placement == null) {
            return CompletableFuture.failedFuture(
                    new QueryableStateException(ErrorCode.LOCATION_UNKNOWN, "no such state"));
        }
        return CompletableFuture.completedFuture(KvStateLocation.builder(job, name, StampedState.KEY_GROUPS)
                .place(StampedState.allKeyGroups(), placement)
                .build());
    }

    private static byte[] breakDown(byte[] key, ReadContext context) {
        throw new IllegalStateException(SECRET);
    }

    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long own = Thread.currentThread().getId();
        long[] others = LongStream.of(threads.getAllThreadIds())
                .filter(thread -> thread != own)
                .toArray();
        return LongStream.of(threads.getThreadAllocatedBytes(others)).sum();
    }

    private String answer(String command) {
        if (command.equals("end-job")) {
            proxy.updateLocationOracle(StampedState.JOB, null);
            return "ended";
        }
        if (command.startsWith(ELSEWHERE)) {
            int port = Integer.parseInt(command.substring(ELSEWHERE.length() + 1));
            states.put(ELSEWHERE, new KvStatePlacement(new KvStateId(1, 1), new ServerAddress("127.0.0.1", port)));
            proxy.evict(StampedState.JOB);
            return "located";
        }
        if (command.equals(LOOKUPS)) {
            return Long.toString(lookups.get());
        }
        if (command.equals(ALLOCATED)) {
            return Long.toString(allocated());
        }
        Resources now = Resources.now();
        return new Usage(
                        now.heapBytes(),
                        Resources.direct(),
                        now.buffers(),
                        now.descriptors(),
                        BufferBudget.ofProcess().used(),
                        proxy.cachedLocations(),
                        registry.queuedReads())
                .toLine();
    }

    /** See the class. */
    public static void main(String[] args) throws IOException {
        Serializers.serialize(Serializers.BYTES, new GateValue(0, 0, 0).encode(LARGE_BYTES));
        TargetProcess target = new TargetProcess(args.length > 0 && args[0].equals(LOGIN));
        System.out.println(ChildJvm.READY + target.proxy.address() + " " + target.server.address());
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            System.out.println(target.answer(command));
        }
        System.exit(0);
    }

    /**
     * What the process holds.
     *
     * @param heapBytes after a full collection
     * @param directBytes all direct memory
     * @param buffers unreleased buffers
     * @param descriptors open files and sockets
     * @param waitingBytes what waits in queues and half-read frames, as the process itself counts it
     * @param cachedLocations entries of the proxy's location cache
     * @param queuedReads reads that wait for a query thread
     */
    record Usage(
            long heapBytes,
            long directBytes,
            long buffers,
            long descriptors,
            long waitingBytes,
            long cachedLocations,
            long queuedReads) {

        String toLine() {
            return heapBytes + " " + directBytes + " " + buffers + " " + descriptors + " " + waitingBytes + " "
                    + cachedLocations + " " + queuedReads;
        }

        static Usage parse(String line) {
            String[] parts = line.split(" ", -1);
            return new Usage(
                    Long.parseLong(parts[0]),
                    Long.parseLong(parts[1]),
                    Long.parseLong(parts[2]),
                    Long.parseLong(parts[3]),
                    Long.parseLong(parts[4]),
                    Long.parseLong(parts[5]),
                    Long.parseLong(parts[6]));
        }
    }
}
