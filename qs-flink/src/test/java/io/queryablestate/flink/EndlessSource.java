package io.queryablestate.flink;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Emits the numbers from zero, and then nothing: the job goes on, idle, until it is cancelled. */
final class EndlessSource extends NumberSequenceSource {

    private static final long serialVersionUID = 1L;
    private static final long NANOS_A_NUMBER = TimeUnit.MICROSECONDS.toNanos(500);

    EndlessSource(long numbers) {
        super(0, numbers - 1);
    }

    /** Numbers from zero at a pace that leaves a small machine to others. */
    static DataStream<Long> twoThousandASecond(StreamExecutionEnvironment env) {
        return env.fromSource(new EndlessSource(Long.MAX_VALUE), WatermarkStrategy.noWatermarks(), "numbers")
                .uid("numbers")
                .setParallelism(1)
                .map(EndlessSource::later)
                .returns(Types.LONG)
                .setParallelism(1);
    }

    private static Long later(Long number) {
        LockSupport.parkNanos(NANOS_A_NUMBER);
        return number;
    }

    @Override
    public SourceReader<Long, NumberSequenceSplit> createReader(SourceReaderContext context) {
        return new IdleAtEnd(super.createReader(context));
    }

    @SuppressWarnings("try") // Flink declares that closing may be interrupted.
    private static final class IdleAtEnd implements SourceReader<Long, NumberSequenceSplit> {

        private final SourceReader<Long, NumberSequenceSplit> numbers;
        private final CompletableFuture<Void> never = new CompletableFuture<>();
        private boolean atEnd;

        IdleAtEnd(SourceReader<Long, NumberSequenceSplit> numbers) {
            this.numbers = numbers;
        }

        @Override
        public void start() {
            numbers.start();
        }

        @Override
        public InputStatus pollNext(ReaderOutput<Long> output) throws Exception {
            InputStatus status = numbers.pollNext(output);
            atEnd = status == InputStatus.END_OF_INPUT;
            return atEnd ? InputStatus.NOTHING_AVAILABLE : status;
        }

        @Override
        public List<NumberSequenceSplit> snapshotState(long checkpointId) {
            return numbers.snapshotState(checkpointId);
        }

        @Override
        public CompletableFuture<Void> isAvailable() {
            return atEnd ? never : numbers.isAvailable();
        }

        @Override
        public void addSplits(List<NumberSequenceSplit> splits) {
            numbers.addSplits(splits);
        }

        @Override
        public void notifyNoMoreSplits() {
            numbers.notifyNoMoreSplits();
        }

        @Override
        public void close() throws Exception {
            numbers.close();
        }
    }
}
