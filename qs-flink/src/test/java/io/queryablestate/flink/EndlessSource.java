package io.queryablestate.flink;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.core.io.InputStatus;

/** Emits the numbers from zero, and then nothing: the job goes on, idle, until it is cancelled. */
final class EndlessSource extends NumberSequenceSource {

    private static final long serialVersionUID = 1L;

    EndlessSource(long numbers) {
        super(0, numbers - 1);
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
