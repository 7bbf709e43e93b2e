package io.queryablestate.benchmarks;

import io.netty.util.collection.LongObjectHashMap;
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
import org.openjdk.jmh.annotations.Warmup;

/** The table in which a connection keeps its requests: one more is under way, and the oldest one is answered. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class InFlightTableBenchmark {

    /** How many are under way; 1,024 is the most for a connection. */
    @Param({"1", "16", "256", "1024"})
    private int inFlight;

    private final LongObjectHashMap<Object> calls = new LongObjectHashMap<>();
    private final Object call = new Object();
    private long nextId;

    /** Sends all but one. */
    @Setup
    public void fill() {
        for (nextId = 1; nextId < inFlight; nextId++) {
            calls.put(nextId, call);
        }
    }

    /** Sends a request and takes an answer. */
    @Benchmark
    public @Nullable Object sendAndAnswer() {
        long id = nextId++;
        calls.put(id, call);
        return calls.remove(id - inFlight + 1);
    }
}
