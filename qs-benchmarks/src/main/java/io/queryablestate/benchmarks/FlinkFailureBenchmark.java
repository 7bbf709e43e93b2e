package io.queryablestate.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.FlinkFailureEncoder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A failure written as Flink's clients read it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FlinkFailureBenchmark {

    private final FlinkFailureEncoder encoder = new FlinkFailureEncoder("Queryable State Server");
    private final Failure failure = new Failure(ErrorCode.OVERLOADED, "1024 reads wait for a query thread");
    private final ByteBuf out = Unpooled.directBuffer(1024);

    /** The state has no value for the key: the most frequent of them. */
    @Benchmark
    public ByteBuf absentKey() {
        encoder.encodeAbsentKey(out.clear(), 1);
        return out;
    }

    /** A failure with a text of its own. */
    @Benchmark
    public ByteBuf requestFailure() {
        encoder.encodeRequestFailure(out.clear(), 1, failure);
        return out;
    }
}
