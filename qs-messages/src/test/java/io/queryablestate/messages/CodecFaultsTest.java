package io.queryablestate.messages;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every message, cut at every byte, with every length lying and with every byte changed: it is decoded or refused as a
 * bad request, and nothing large is allocated for it.
 */
class CodecFaultsTest {

    /** A location is the largest: four bytes for each of 32,768 key groups, whatever the frame's size. */
    private static final long MAX_ALLOCATION = 300_000;

    private static final JobId JOB = new JobId(0x1011121314151617L, 0x2021222324252627L);
    private static final byte[] NAME = "counts".getBytes(StandardCharsets.UTF_8);
    private static final byte[] KEY = {1, 2, 3, 42, 0};
    private static final KvStatePlacement HERE =
            new KvStatePlacement(new KvStateId(1, 2), new ServerAddress("tm-1", 9067));
    private static final KvStatePlacement THERE =
            new KvStatePlacement(new KvStateId(3, 4), new ServerAddress("tm-2", 9067));

    /**
     * A message and its faults.
     *
     * @param frame a good one
     * @param shortest how many of its bytes are a message of their own: all of them, unless the last field is the rest
     *     of the frame
     * @param lengths its length fields
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Message(
            String name, byte[] frame, int shortest, List<LengthField> lengths, Consumer<byte[]> decoder) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** A length or count of {@code width} bytes at {@code offset}, which may not exceed {@code limit}. */
    private record LengthField(int offset, int width, int limit) {
        void set(ByteBuf frame, int value) {
            if (width == Short.BYTES) {
                frame.setShort(offset, value);
            } else {
                frame.setInt(offset, value);
            }
        }

        int get(ByteBuf frame) {
            return width == Short.BYTES ? frame.getUnsignedShort(offset) : frame.getInt(offset);
        }
    }

    static Stream<Message> messages() {
        return Stream.of(
                message(
                        "request",
                        out -> KvStateRequestCodec.encode(out, 1, 1000, JOB, NAME, 7, KEY),
                        KEY.length,
                        frame -> new KvStateRequestCodec().decode(Bytes.buffer(frame), 0, frame.length),
                        new LengthField(44, 2, Frames.MAX_STATE_NAME_BYTES)),
                message(
                        "version-1 request",
                        out -> KvStateRequestCodec.encodeVersion1(out, 1, JOB, NAME, 7, KEY),
                        0,
                        frame -> new KvStateRequestCodec().decodeVersion1(Bytes.buffer(frame), 0, frame.length),
                        new LengthField(36, 4, Frames.MAX_STATE_NAME_BYTES),
                        new LengthField(50, 4, Frames.MAX_KEY_BYTES)),
                message(
                        "internal request",
                        out -> {
                            KvStateInternalRequestCodec.encodeHeader(out, 1, 1000, HERE.kvStateId(), 7, KEY.length);
                            out.writeBytes(KEY);
                        },
                        KEY.length,
                        frame -> new KvStateInternalRequestCodec().decode(Bytes.buffer(frame), 0, frame.length)),
                message(
                        "version-1 internal request",
                        out -> {
                            KvStateInternalRequestCodec.encodeVersion1Header(out, 1, HERE.kvStateId(), KEY.length);
                            out.writeBytes(KEY);
                        },
                        0,
                        frame -> new KvStateInternalRequestCodec().decodeVersion1(Bytes.buffer(frame), 0, frame.length),
                        new LengthField(36, 4, Frames.MAX_KEY_BYTES)),
                message(
                        "result",
                        out -> {
                            KvStateResultCodec.encodeHeader(out, 0, 1, KEY.length);
                            out.writeBytes(KEY);
                        },
                        0,
                        frame -> KvStateResultCodec.decode(Bytes.buffer(frame), 0, frame.length),
                        new LengthField(20, 4, Integer.MAX_VALUE)),
                message(
                        "failure",
                        out -> new Failure(ErrorCode.OVERLOADED, "full").encode(out, 1),
                        4,
                        frame -> Failure.decode(Bytes.buffer(frame), 0, frame.length)),
                message(
                        "hello",
                        out -> new Hello(2, 2, "token", "prod").encode(out, 1),
                        0,
                        frame -> Hello.decode(Bytes.body(frame)),
                        new LengthField(24, 2, Hello.MAX_TOKEN_BYTES),
                        new LengthField(31, 2, Hello.MAX_CLUSTER_ID_BYTES)),
                message(
                        "welcome",
                        out -> new Welcome(2, "prod").encode(out, 1),
                        0,
                        frame -> Welcome.decode(Bytes.body(frame)),
                        new LengthField(22, 2, Hello.MAX_CLUSTER_ID_BYTES)),
                message(
                        "location request",
                        out -> new LocationRequest(1000, JOB, "counts").encode(out, 1),
                        0,
                        frame -> LocationRequest.decode(Bytes.body(frame)),
                        new LengthField(40, 2, Frames.MAX_STATE_NAME_BYTES)),
                message(
                        "location",
                        out -> KvStateLocation.builder(JOB, "counts", 128)
                                .place(new KeyGroupRange(0, 41), HERE)
                                .place(new KeyGroupRange(43, 100), THERE)
                                .build()
                                .encode(out, 1),
                        0,
                        frame -> KvStateLocation.decode(Bytes.body(frame)),
                        new LengthField(36, 2, Frames.MAX_STATE_NAME_BYTES),
                        new LengthField(48, 4, Integer.MAX_VALUE),
                        new LengthField(76, 2, 1024)),
                message(
                        "catalogue request",
                        out -> new CatalogueRequest(1000).encode(out, 1),
                        0,
                        frame -> CatalogueRequest.decode(Bytes.body(frame))),
                message(
                        "catalogue",
                        out -> CatalogueEntry.encodeAll(
                                List.of(
                                        new CatalogueEntry(
                                                JOB, "job", "s", StateKind.MAP, "K", "V", 8, new KeyGroupRange(0, 3)),
                                        new CatalogueEntry(
                                                JOB, "job", "s", StateKind.MAP, "K", "V", 8, new KeyGroupRange(4, 7))),
                                out,
                                1),
                        0,
                        frame -> CatalogueEntry.decodeAll(Bytes.body(frame)),
                        new LengthField(20, 4, Integer.MAX_VALUE),
                        new LengthField(40, 2, 1024),
                        new LengthField(45, 2, Frames.MAX_STATE_NAME_BYTES)),
                message(
                        "batch request",
                        out -> {
                            KvStateBatchRequestCodec.encodeHeader(
                                    out, 1, 1000, JOB, NAME, BatchKeys.encodedSize(KEY.length));
                            BatchKeys.encode(out, 3, 7, KEY);
                        },
                        0,
                        frame -> new KvStateBatchRequestCodec().decode(Bytes.buffer(frame), 0, frame.length),
                        new LengthField(40, 2, Frames.MAX_STATE_NAME_BYTES),
                        new LengthField(54, 4, Frames.MAX_KEY_BYTES)),
                message(
                        "internal batch request",
                        out -> {
                            KvStateInternalBatchRequestCodec.encodeHeader(
                                    out, 1, 1000, HERE.kvStateId(), BatchKeys.encodedSize(KEY.length));
                            BatchKeys.encode(out, 3, 7, KEY);
                        },
                        0,
                        frame -> new KvStateInternalBatchRequestCodec().decode(Bytes.buffer(frame), 0, frame.length),
                        new LengthField(46, 4, Frames.MAX_KEY_BYTES)),
                message(
                        "batch answer with a value",
                        out -> {
                            KvStateBatchAnswerCodec.encodeHeader(
                                    out, 0, 1, KvStateBatchAnswerCodec.VALUE_HEAD_BYTES + KEY.length);
                            KvStateBatchAnswerCodec.encodeValueHead(out, 3, KEY.length);
                            out.writeBytes(KEY);
                        },
                        0,
                        CodecFaultsTest::readBatchAnswer,
                        new LengthField(23, 4, Integer.MAX_VALUE)),
                message(
                        "batch answer with a failure",
                        out -> {
                            Failure full = new Failure(ErrorCode.OVERLOADED, "full");
                            KvStateBatchAnswerCodec.encodeHeader(out, 0, 1, KvStateBatchAnswerCodec.encodedSize(full));
                            KvStateBatchAnswerCodec.encodeFailure(out, 3, full);
                        },
                        0,
                        CodecFaultsTest::readBatchAnswer,
                        new LengthField(27, 2, Frames.MAX_FAILURE_TEXT_BYTES)));
    }

    private static void readBatchAnswer(byte[] frame) {
        KvStateBatchAnswerCodec items = new KvStateBatchAnswerCodec();
        ByteBuf body = Bytes.body(frame);
        items.start(body);
        while (items.next(body)) {
            if (items.outcome() == KvStateBatchAnswerCodec.Outcome.FAILURE) {
                items.failure(body);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldRefuse_whenCutAnywhere(Message message) {
        message.decoder().accept(message.frame());
        for (int length = Frames.BODY_OFFSET; length < message.frame().length; length++) {
            byte[] cut = Arrays.copyOf(message.frame(), length);
            if (length >= message.shortest()) {
                message.decoder().accept(cut);
            } else {
                Bytes.assertBadRequest(() -> message.decoder().accept(cut));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldRefuse_whenALengthIsMoreThanThereIs(Message message) {
        for (LengthField field : message.lengths()) {
            int present = message.frame().length - field.offset() - field.width();
            for (int value : new int[] {
                -1, present + 1, field.limit(), field.limit() + 1, Integer.MAX_VALUE, Integer.MIN_VALUE + present + 1
            }) {
                byte[] lying = message.frame().clone();
                field.set(Bytes.buffer(lying), value);
                int asRead = field.get(Bytes.buffer(lying));
                assertThat(asRead < 0 || asRead > present)
                        .as("%d does not fit", asRead)
                        .isTrue();
                Bytes.assertBadRequest(() -> message.decoder().accept(lying));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldDecodeOrRefuseWithoutLargeAllocation_whenALengthIsSmallOrAnyByteIsChanged(Message message) {
        message.decoder().accept(message.frame()); // so that loading classes is not measured
        Bytes.assertBadRequest(() -> message.decoder().accept(new byte[Frames.BODY_OFFSET]));
        for (LengthField field : message.lengths()) {
            for (int value = 0; value <= message.frame().length; value++) {
                byte[] lying = message.frame().clone();
                field.set(Bytes.buffer(lying), value);
                assertDecodedOrRefused(message, lying);
            }
        }
        Random random = new Random(42);
        for (int at = Frames.BODY_OFFSET; at < message.frame().length; at++) {
            for (int value : new int[] {0, 1, 0x7f, 0x80, 0xff, random.nextInt(256)}) {
                byte[] changed = message.frame().clone();
                changed[at] = (byte) value;
                assertDecodedOrRefused(message, changed);
            }
        }
    }

    /** Hello and welcome may grow in a later version; requests in version 2 end with the key, a failure with its text. */
    @ParameterizedTest
    @MethodSource("messages")
    void shouldRefuse_whenJunkFollowsTheBody(Message message) {
        byte[] longer = Arrays.copyOf(message.frame(), message.frame().length + 1);
        if (List.of("hello", "welcome").contains(message.name()) || message.shortest() < message.frame().length) {
            message.decoder().accept(longer);
        } else {
            Bytes.assertBadRequest(() -> message.decoder().accept(longer));
        }
    }

    private static void assertDecodedOrRefused(Message message, byte[] frame) {
        ErrorCode[] refused = {ErrorCode.BAD_REQUEST};
        long allocated = Bytes.allocatedBy(() -> {
            try {
                message.decoder().accept(frame);
            } catch (QueryableStateException e) {
                refused[0] = e.code();
            }
        });
        assertThat(refused[0]).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(allocated).isLessThan(MAX_ALLOCATION);
    }

    private static Message message(
            String name, Consumer<ByteBuf> writer, int openEnd, Consumer<byte[]> decoder, LengthField... lengths) {
        byte[] frame = Bytes.written(writer);
        return new Message(name, frame, frame.length - openEnd, List.of(lengths), decoder);
    }
}
