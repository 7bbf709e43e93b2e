package io.queryablestate.client;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.network.FrameOutput;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The keys of a batch asked for one by one, since the proxy knows no batches. On the event loop. */
final class SingleReads {

    private final BatchCall<?, ?> batch;
    private final JobReference job;
    private final BitSet keys;
    private final BatchRequest<?> request;
    private final ClientLoop loop;

    SingleReads(BatchCall<?, ?> batch, JobId jobId, BitSet keys, BatchRequest<?> request, ClientLoop loop) {
        this.batch = batch;
        this.job = new JobById(jobId);
        this.keys = (BitSet) keys.clone();
        this.request = request;
        this.loop = loop;
    }

    void start() {
        keys.stream().forEach(key -> {
            SingleRead read = new SingleRead(loop, batch.deadlineNanos() - loop.nanoTime(), job, request.single(key));
            read.future().whenComplete((value, failure) -> loop.executeUnlessClosed(() -> ended(key, value, failure)));
            loop.startAnother(read);
        });
    }

    private void ended(int key, @Nullable List<byte[]> value, @Nullable Throwable failure) {
        if (value != null) {
            batch.singleEnded(key, value.isEmpty() ? null : value.get(0), null);
        } else {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            batch.singleEnded(
                    key,
                    null,
                    cause instanceof QueryableStateException typed
                            ? Failure.of(typed)
                            : new Failure(ErrorCode.STATE_FAILED, "the answer was not readable"));
        }
    }

    /** The bytes of one key; an empty list if it is absent. */
    private static final class SingleRead extends JobCall<List<byte[]>> {

        private final KeyRequest request;

        SingleRead(ClientLoop loop, long timeoutNanos, JobReference job, KeyRequest request) {
            super(loop, timeoutNanos, job);
            this.request = request;
        }

        @Override
        public void encode(FrameOutput out, long requestId, boolean version1) {
            request.encode(out, requestId, remainingMillis(), jobId(), version1);
        }

        @Override
        List<byte[]> decode(byte[] value) {
            return List.of(value);
        }

        @Override
        List<byte[]> absent() {
            return List.of();
        }
    }
}
