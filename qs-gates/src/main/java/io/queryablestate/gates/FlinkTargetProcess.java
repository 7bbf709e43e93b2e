package io.queryablestate.gates;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.JobID;
import org.apache.flink.queryablestate.KvStateID;
import org.apache.flink.queryablestate.client.proxy.KvStateClientProxyImpl;
import org.apache.flink.queryablestate.network.stats.DisabledKvStateRequestStats;
import org.apache.flink.queryablestate.server.KvStateServerImpl;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.query.KvStateLocation;
import org.apache.flink.runtime.query.KvStateRegistry;
import org.apache.flink.runtime.query.UnknownKvStateLocation;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.shaded.netty4.io.netty.util.internal.PlatformDependent;

/**
 * As {@link TargetProcess}, with the state server and the proxy of Flink itself, for the comparison. The state behind them
 * answers every key with the same bytes, so that Flink's network code and nothing else is looked at.
 */
public final class FlinkTargetProcess {

    private static final JobID JOB = new JobID(StampedState.JOB.lower(), StampedState.JOB.upper());
    private static final JobVertexID OPERATOR = new JobVertexID(1, 1);
    private static final KeyGroupRange KEY_GROUPS = new KeyGroupRange(0, StampedState.KEY_GROUPS - 1);
    private static final String HOST = "127.0.0.1";

    private final KvStateRegistry registry = new KvStateRegistry();
    private final AtomicLong lookups = new AtomicLong();
    private final Map<String, KvStateLocation> locations = new ConcurrentHashMap<>();
    private final KvStateServerImpl server;
    private final KvStateClientProxyImpl proxy;

    private FlinkTargetProcess() {
        this.server = new KvStateServerImpl(
                HOST, ports(), 1, TargetProcess.QUERY_THREADS, registry, new DisabledKvStateRequestStats());
        this.proxy = new KvStateClientProxyImpl(
                HOST, ports(), 1, TargetProcess.QUERY_THREADS, new DisabledKvStateRequestStats());
    }

    private static Iterator<Integer> ports() {
        return List.of(0).iterator();
    }

    private void start() throws Throwable {
        server.start();
        proxy.start();
        register(StampedState.NAME, ServerProcess.VALUE_BYTES);
        register(TargetProcess.LARGE, TargetProcess.LARGE_BYTES);
        proxy.updateKvStateLocationOracle(JOB, this::locate);
    }

    private void register(String name, int valueBytes) {
        KvStateID id = registry.registerKvState(
                JOB, OPERATOR, KEY_GROUPS, name, new FlinkState(valueBytes), FlinkState.class.getClassLoader());
        locations.put(name, location(name, id, server.getServerAddress()));
    }

    private static KvStateLocation location(String name, KvStateID id, InetSocketAddress address) {
        KvStateLocation location = new KvStateLocation(JOB, OPERATOR, StampedState.KEY_GROUPS, name);
        location.registerKvState(KEY_GROUPS, id, address);
        return location;
    }

    private CompletableFuture<KvStateLocation> locate(JobID job, String name) {
        lookups.incrementAndGet();
        KvStateLocation found = locations.get(name);
        return found == null
                ? CompletableFuture.failedFuture(new UnknownKvStateLocation(name))
                : CompletableFuture.completedFuture(found);
    }

    private String answer(String command) throws IOException {
        if (command.startsWith(TargetProcess.ELSEWHERE)) {
            int port = Integer.parseInt(command.substring(TargetProcess.ELSEWHERE.length() + 1));
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            locations.put(TargetProcess.ELSEWHERE, location(TargetProcess.ELSEWHERE, new KvStateID(1, 1), address));
            return "located";
        }
        if (command.equals(TargetProcess.LOOKUPS)) {
            return Long.toString(lookups.get());
        }
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        long direct = Resources.direct() + PlatformDependent.usedDirectMemory();
        return new TargetProcess.Usage(heap, direct, 0, Resources.openDescriptors(), 0, 0, 0).toLine();
    }

    /** See {@link TargetProcess}. */
    public static void main(String[] args) throws Throwable {
        FlinkTargetProcess target = new FlinkTargetProcess();
        target.start();
        System.out.println(
                ChildJvm.READY + text(target.proxy.getServerAddress()) + " " + text(target.server.getServerAddress()));
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            System.out.println(target.answer(command));
        }
        System.exit(0);
    }

    private static String text(InetSocketAddress address) {
        return HOST + ":" + address.getPort();
    }
}
