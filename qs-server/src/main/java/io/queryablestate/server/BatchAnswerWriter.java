package io.queryablestate.server;

import io.netty.buffer.ByteBuf;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.KvStateBatchAnswerCodec;
import io.queryablestate.network.FrameOutput;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes answers to a batch: small ones together in frames of some {@value #FRAME_BYTES} bytes, each large value in a frame
 * of its own and by reference. Used on the event loop of the connection.
 */
final class BatchAnswerWriter {

    private static final int FRAME_BYTES = 16 * 1024;

    private final FrameOutput output;
    private final long requestId;

    BatchAnswerWriter(FrameOutput output, long requestId) {
        this.output = output;
        this.requestId = requestId;
    }

    /**
     * Writes these.
     *
     * @param flags of the last frame that is written
     * @param obstacle why the peer's buffers do not take a frame of that many bytes, null if they do; its answers then become
     *     failures
     */
    void write(List<BatchKeyRead> items, int flags, IntFunction<@Nullable Failure> obstacle) {
        int from = 0;
        while (from < items.size()) {
            int bytes = size(items.get(from), null);
            int to = from + 1;
            while (to < items.size() && bytes + size(items.get(to), null) <= FRAME_BYTES) {
                bytes += size(items.get(to), null);
                to++;
            }
            Failure refusal = obstacle.apply(bytes);
            writeFrame(items.subList(from, to), to == items.size() ? flags : flags | Frames.FLAG_MORE, refusal);
            from = to;
        }
    }

    private void writeFrame(List<BatchKeyRead> items, int flags, @Nullable Failure refusal) {
        int bytes = 0;
        for (BatchKeyRead item : items) {
            bytes += size(item, refusal);
        }
        // A frame of more than this is one value, which goes by reference.
        ByteBuf out = output.reserve(KvStateBatchAnswerCodec.HEADER_BYTES
                + (bytes <= FRAME_BYTES ? bytes : KvStateBatchAnswerCodec.VALUE_HEAD_BYTES));
        KvStateBatchAnswerCodec.encodeHeader(out, flags, requestId, bytes);
        for (BatchKeyRead item : items) {
            byte[] value = item.value();
            Failure failure = refusal == null ? item.failure() : refusal;
            if (failure != null) {
                KvStateBatchAnswerCodec.encodeFailure(out, item.number(), failure);
            } else if (value == null) {
                KvStateBatchAnswerCodec.encodeAbsent(out, item.number());
            } else {
                KvStateBatchAnswerCodec.encodeValueHead(out, item.number(), value.length);
                if (bytes <= FRAME_BYTES) {
                    out.writeBytes(value);
                } else {
                    output.append(value);
                }
            }
        }
    }

    private static int size(BatchKeyRead item, @Nullable Failure refusal) {
        Failure failure = refusal == null ? item.failure() : refusal;
        byte[] value = item.value();
        if (failure != null) {
            return KvStateBatchAnswerCodec.encodedSize(failure);
        }
        return value == null
                ? KvStateBatchAnswerCodec.ABSENT_BYTES
                : KvStateBatchAnswerCodec.VALUE_HEAD_BYTES + value.length;
    }
}
