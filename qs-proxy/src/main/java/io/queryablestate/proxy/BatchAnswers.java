package io.queryablestate.proxy;

import io.netty.buffer.ByteBuf;
import io.queryablestate.messages.Disposition;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.KvStateBatchAnswerCodec;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.network.FrameOutput;
import java.util.BitSet;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Passes the answers to a batch on to the client, bytes as they came, and knows which keys have had none. A failure on which
 * the proxy acts itself is held back. On the event loop.
 */
final class BatchAnswers {

    private static final int FAILURES_PER_FRAME = 32;

    private final FrameOutput output;
    private final long requestId;
    private final IntFunction<@Nullable Failure> obstacle;
    private final IntSupplier flags;
    private final KvStateBatchAnswerCodec items = new KvStateBatchAnswerCodec();
    private int unanswered;

    /**
     * Nothing has been answered yet.
     *
     * @param flags of every answer
     * @param obstacle why the client's buffers do not take that many bytes, null if they do; answers then become failures
     */
    BatchAnswers(
            FrameOutput output, long requestId, int keys, IntFunction<@Nullable Failure> obstacle, IntSupplier flags) {
        this.output = output;
        this.requestId = requestId;
        this.unanswered = keys;
        this.obstacle = obstacle;
        this.flags = flags;
    }

    /** How many keys have had no answer. */
    int unanswered() {
        return unanswered;
    }

    /**
     * Passes on what a state server has answered.
     *
     * @return what has not been passed on
     */
    Leftover pass(BatchPart part, ByteBuf body) {
        BitSet heldBack = new BitSet();
        Failure reason = null;
        int from = body.readerIndex();
        int to = from;
        int run = 0;
        try {
            items.start(body);
            while (items.next(body)) {
                int number = items.number();
                if (!part.take(number)) {
                    throw new QueryableStateException(
                            ErrorCode.PROTOCOL_VIOLATION,
                            "an answer for key number " + number + ", which has none open");
                }
                if (isHeldBack(body)) {
                    passRun(body, from, to, run);
                    heldBack.set(number);
                    reason = items.failure(body);
                    from = items.end();
                    run = 0;
                } else {
                    run++;
                }
                to = items.end();
            }
            passRun(body, from, to, run);
            return new Leftover(heldBack.stream().toArray(), reason, null);
        } catch (QueryableStateException e) {
            passRun(body, from, to, run);
            return new Leftover(
                    heldBack.stream().toArray(), reason, new Failure(ErrorCode.PROTOCOL_VIOLATION, e.text()));
        }
    }

    private boolean isHeldBack(ByteBuf body) {
        if (items.outcome() != KvStateBatchAnswerCodec.Outcome.FAILURE) {
            return false;
        }
        Failure failure = items.failure(body);
        return !failure.isFinal() && failure.code().disposition() == Disposition.REFRESH_LOCATION;
    }

    private void passRun(ByteBuf body, int from, int to, int keys) {
        if (keys == 0) {
            return;
        }
        Failure refusal = obstacle.apply(to - from);
        if (refusal != null) {
            KvStateBatchAnswerCodec refused = new KvStateBatchAnswerCodec();
            ByteBuf run = body.slice(from, to - from);
            int[] numbers = new int[keys];
            refused.start(run);
            for (int i = 0; i < keys && refused.next(run); i++) {
                numbers[i] = refused.number();
            }
            fail(numbers, refusal);
            return;
        }
        header(keys, to - from);
        output.append(body.retainedSlice(from, to - from));
    }

    /** Passes on the value of one key; it lies in {@code in}. */
    void value(int number, ByteBuf in, int offset, int length) {
        Failure refusal = obstacle.apply(length);
        if (refusal != null) {
            fail(new int[] {number}, refusal);
            return;
        }
        ByteBuf out = header(1, KvStateBatchAnswerCodec.VALUE_HEAD_BYTES + length);
        KvStateBatchAnswerCodec.encodeValueHead(out, number, length);
        output.append(in.retainedSlice(offset, length));
    }

    /** Tells that one key is absent. */
    void absent(int number) {
        KvStateBatchAnswerCodec.encodeAbsent(header(1, KvStateBatchAnswerCodec.ABSENT_BYTES), number);
    }

    /** Tells that keys cannot be read. */
    void fail(int[] numbers, Failure failure) {
        int bytes = KvStateBatchAnswerCodec.encodedSize(failure);
        for (int from = 0; from < numbers.length; from += FAILURES_PER_FRAME) {
            int to = Math.min(from + FAILURES_PER_FRAME, numbers.length);
            ByteBuf out = header(to - from, (to - from) * bytes);
            for (int i = from; i < to; i++) {
                KvStateBatchAnswerCodec.encodeFailure(out, numbers[i], failure);
            }
        }
    }

    /** Begins a frame and returns where its items go; what the client has not room for is appended. */
    private ByteBuf header(int keys, int itemsBytes) {
        unanswered -= keys;
        int copied = Math.min(itemsBytes, FAILURES_PER_FRAME * KvStateBatchAnswerCodec.MAX_FAILURE_BYTES);
        ByteBuf out = output.reserve(KvStateBatchAnswerCodec.HEADER_BYTES + copied);
        KvStateBatchAnswerCodec.encodeHeader(
                out, flags.getAsInt() | (unanswered == 0 ? 0 : Frames.FLAG_MORE), requestId, itemsBytes);
        return out;
    }

    /**
     * What a state server has answered and the client has not been told.
     *
     * @param heldBack keys that the server could not read because their location is out of date
     * @param reason why not; null if there is none of them
     * @param violation what is wrong with the rest of the frame; null if nothing is
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Leftover(
            int[] heldBack,
            @Nullable Failure reason,
            @Nullable Failure violation) {}
}
