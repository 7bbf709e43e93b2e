package io.queryablestate.gates;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.queryablestate.client.serialization.Serializer;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.messages.BatchKeys;
import io.queryablestate.messages.CatalogueEntry;
import io.queryablestate.messages.CatalogueRequest;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.FlinkFailureDecoder;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.Hello;
import io.queryablestate.messages.KvStateBatchAnswerCodec;
import io.queryablestate.messages.KvStateBatchRequestCodec;
import io.queryablestate.messages.KvStateInternalBatchRequestCodec;
import io.queryablestate.messages.KvStateInternalRequestCodec;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.KvStateRequestCodec;
import io.queryablestate.messages.KvStateResultCodec;
import io.queryablestate.messages.LocationRequest;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.Welcome;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;

/**
 * Every decoder that a peer's bytes reach, in both directions, for a coverage-guided fuzzer: the first byte of the input
 * chooses one of them, the rest is what the peer has sent. A decoder may refuse with a code; whatever else it throws, and
 * an allocation out of proportion to the input, is a finding.
 */
public final class DecoderFuzz {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** Room for an exception with its stack trace and for what the fuzzer's own hooks allocate. */
    private static final long ALLOWED_BYTES = 256 * 1024;

    private static final long ALLOWED_FACTOR = 64;
    private static final int MEASUREMENTS = 3;

    private static final KvStateRequestCodec REQUEST = new KvStateRequestCodec();
    private static final KvStateInternalRequestCodec INTERNAL = new KvStateInternalRequestCodec();
    private static final KvStateBatchRequestCodec BATCH = new KvStateBatchRequestCodec();
    private static final KvStateInternalBatchRequestCodec INTERNAL_BATCH = new KvStateInternalBatchRequestCodec();

    private static final List<Decoder> DECODERS = List.of(
            Hello::decode,
            Welcome::decode,
            LocationRequest::decode,
            KvStateLocation::decode,
            CatalogueRequest::decode,
            CatalogueEntry::decodeAll,
            frame(in -> Failure.decode(in, 0, in.writerIndex())),
            frame(in -> KvStateResultCodec.decode(in, 0, in.writerIndex())),
            frame(DecoderFuzz::request),
            frame(DecoderFuzz::requestOfVersion1),
            frame(in -> INTERNAL.decode(in, 0, in.writerIndex())),
            frame(in -> INTERNAL.decodeVersion1(in, 0, in.writerIndex())),
            frame(in -> keys(in, BATCH.decode(in, 0, in.writerIndex()))),
            frame(in -> keys(in, INTERNAL_BATCH.decode(in, 0, in.writerIndex()))),
            DecoderFuzz::batchAnswer,
            in -> FlinkFailureDecoder.decode(in, 0, in.writerIndex()),
            value(Serializers.STRING),
            value(Serializers.BIG_INTEGER),
            value(Serializers.BIG_DECIMAL),
            value(Serializers.INSTANT),
            value(Serializers.BYTES),
            value(Serializers.list(Serializers.STRING)),
            value(Serializers.map(Serializers.STRING, Serializers.list(Serializers.BYTES))),
            value(Serializers.tuple2(Serializers.LONG, Serializers.STRING)));

    private DecoderFuzz() {}

    /** What reads a peer's bytes. */
    @FunctionalInterface
    private interface Decoder {
        void decode(ByteBuf in);
    }

    /** How many decoders there are. */
    static int decoders() {
        return DECODERS.size();
    }

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        long allowed = ALLOWED_BYTES + ALLOWED_FACTOR * input.length;
        long allocated = Long.MAX_VALUE;
        // The first time, a class may be loaded, and changed by the fuzzer, on this thread.
        for (int i = 0; i < MEASUREMENTS && allocated > allowed; i++) {
            allocated = decode(input);
        }
        if (allocated > allowed) {
            throw new AssertionError(allocated + " bytes allocated for an input of " + input.length);
        }
    }

    /** Decodes and says what that has allocated. */
    private static long decode(byte[] input) {
        Decoder decoder = DECODERS.get((input[0] & 0xff) % DECODERS.size());
        ByteBuf in = Unpooled.wrappedBuffer(Arrays.copyOfRange(input, 1, input.length));
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            decoder.decode(in);
        } catch (QueryableStateException e) {
            // Refused, with a code.
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    /** A decoder that is only given what is as long as a header. */
    private static Decoder frame(Decoder decoder) {
        return in -> {
            if (in.writerIndex() >= Frames.BODY_OFFSET) {
                decoder.decode(in);
            }
        };
    }

    private static void keys(ByteBuf in, BatchKeys keys) {
        for (int number : keys.numbers()) {
            in.slice(keys.keyOffset(number), keys.keyLength(in, number));
        }
    }

    private static void batchAnswer(ByteBuf in) {
        KvStateBatchAnswerCodec answer = new KvStateBatchAnswerCodec();
        answer.start(in);
        while (answer.next(in)) {
            if (answer.outcome() == KvStateBatchAnswerCodec.Outcome.VALUE) {
                in.slice(answer.valueOffset(), answer.valueLength());
            }
        }
    }

    private static void request(ByteBuf in) {
        REQUEST.decode(in, 0, in.writerIndex());
        REQUEST.stateName(in);
        REQUEST.jobId();
    }

    private static void requestOfVersion1(ByteBuf in) {
        REQUEST.decodeVersion1(in, 0, in.writerIndex());
        REQUEST.stateName(in);
        REQUEST.jobId();
    }

    private static Decoder value(Serializer<?> serializer) {
        return in -> Serializers.deserialize(serializer, in.array());
    }
}
