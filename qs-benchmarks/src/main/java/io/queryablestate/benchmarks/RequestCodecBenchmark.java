package io.queryablestate.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KvStateRequestCodec;
import java.nio.charset.StandardCharsets;
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

/** A request of a client, written and read, in both versions of the protocol. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RequestCodecBenchmark {

    private static final JobId JOB = new JobId(1, 2);
    private static final byte[] NAME = "word-counts".getBytes(StandardCharsets.UTF_8);
    private static final byte[] KEY = new byte[10];
    private static final int KEY_HASH = 42;
    private static final int BUDGET_MILLIS = 2_000;

    private final KvStateRequestCodec view = new KvStateRequestCodec();
    private final ByteBuf out = Unpooled.directBuffer(256);
    private final ByteBuf version2 = Unpooled.directBuffer(256);
    private final ByteBuf version1 = Unpooled.directBuffer(256);

    /** Makes the frames that are read. */
    public RequestCodecBenchmark() {
        KvStateRequestCodec.encode(version2, 1, BUDGET_MILLIS, JOB, NAME, KEY_HASH, KEY);
        KvStateRequestCodec.encodeVersion1(version1, 1, JOB, NAME, KEY_HASH, KEY);
    }

    /** Writes a version-2 frame. */
    @Benchmark
    public ByteBuf encode() {
        KvStateRequestCodec.encode(out.clear(), 1, BUDGET_MILLIS, JOB, NAME, KEY_HASH, KEY);
        return out;
    }

    /** Reads a version-2 frame. */
    @Benchmark
    public int decode() {
        view.decode(version2, 0, version2.writerIndex());
        return view.keyOffset();
    }

    /** Writes a version-1 frame. */
    @Benchmark
    public ByteBuf encodeVersion1() {
        KvStateRequestCodec.encodeVersion1(out.clear(), 1, JOB, NAME, KEY_HASH, KEY);
        return out;
    }

    /** Reads a version-1 frame. */
    @Benchmark
    public int decodeVersion1() {
        view.decodeVersion1(version1, 0, version1.writerIndex());
        return view.keyOffset();
    }
}
