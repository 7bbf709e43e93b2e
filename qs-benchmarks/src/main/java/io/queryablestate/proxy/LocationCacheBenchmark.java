package io.queryablestate.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KeyGroupRange;
import io.queryablestate.messages.KvStateId;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.KvStatePlacement;
import io.queryablestate.messages.KvStateRequestCodec;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.routing.LocationCache;
import io.queryablestate.routing.LocationKey;
import io.queryablestate.routing.LocationOracles;
import io.queryablestate.routing.LookupOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A proxy finds where states are that are asked for in turn: among the few that its event loop used last, and in the
 * cache behind them. In this package since both are the proxy's own.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LocationCacheBenchmark {

    private static final JobId JOB = new JobId(1, 2);
    private static final KeyGroupRange ALL = new KeyGroupRange(0, 127);
    private static final LookupOptions OPTIONS =
            new LookupOptions(Duration.ofSeconds(1), Duration.ofMillis(100), 10_000, System::nanoTime);

    /** How many states are asked for. */
    @Param({"1", "16", "1000"})
    private int states;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final LocationOracles oracles = new LocationOracles();
    private final LocationCache cache = new LocationCache(oracles, OPTIONS);
    private final RecentLocations recent = new RecentLocations();
    private final KvStateRequestCodec request = new KvStateRequestCodec();
    private LocationKey[] keys = {};
    private ByteBuf[] frames = {};
    private int next;

    /** Looks everything up once. */
    @Setup
    public void fill() {
        oracles.update(JOB, (job, name) -> CompletableFuture.completedFuture(location(name)));
        keys = new LocationKey[states];
        frames = new ByteBuf[states];
        for (int state = 0; state < states; state++) {
            String name = "state-" + state;
            keys[state] = new LocationKey(JOB, name);
            frames[state] = Unpooled.directBuffer();
            KvStateRequestCodec.encode(
                    frames[state], 1, 1_000, JOB, name.getBytes(StandardCharsets.UTF_8), state, new byte[10]);
            recent.add(cache.get(keys[state], null, timer).join());
        }
    }

    /** Ends the thread and releases the requests. */
    @TearDown
    public void stop() {
        timer.shutdown();
        for (ByteBuf frame : frames) {
            frame.release();
        }
    }

    private static KvStateLocation location(String name) {
        return KvStateLocation.builder(JOB, name, ALL.size())
                .place(ALL, new KvStatePlacement(new KvStateId(3, 4), new ServerAddress("tm-1", 9067)))
                .build();
    }

    /** By the bytes of a request; what is not among the last 16 is not found. */
    @Benchmark
    public @Nullable Object recent() {
        ByteBuf frame = frames[nextState()];
        request.decode(frame, 0, frame.writerIndex());
        return recent.find(request, frame);
    }

    /** By name. */
    @Benchmark
    public Object cache() {
        return cache.get(keys[nextState()], null, timer);
    }

    private int nextState() {
        next = next + 1 < states ? next + 1 : 0;
        return next;
    }
}
