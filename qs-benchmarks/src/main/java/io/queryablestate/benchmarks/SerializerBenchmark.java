package io.queryablestate.benchmarks;

import io.queryablestate.client.serialization.KeyAndNamespace;
import io.queryablestate.client.serialization.Serializers;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Keys written and values read by the client. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SerializerBenchmark {

    private long number = 4711;
    private String text = "queryable-state";
    private byte[] serializedNumber = Serializers.serialize(Serializers.LONG, number);
    private byte[] serializedText = Serializers.serialize(Serializers.STRING, text);

    /** A long key with the namespace of state that is not in a window. */
    @Benchmark
    public byte[] writeLongKey() {
        return KeyAndNamespace.serialize(Serializers.LONG, number);
    }

    /** The same for a string. */
    @Benchmark
    public byte[] writeStringKey() {
        return KeyAndNamespace.serialize(Serializers.STRING, text);
    }

    /** A long value. */
    @Benchmark
    public @Nullable Long readLong() {
        return Serializers.deserialize(Serializers.LONG, serializedNumber);
    }

    /** A string value. */
    @Benchmark
    public @Nullable String readString() {
        return Serializers.deserialize(Serializers.STRING, serializedText);
    }
}
