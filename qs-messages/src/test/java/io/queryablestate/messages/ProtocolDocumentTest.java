package io.queryablestate.messages;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/protocol.md} says what the codecs do: its hex blocks, in both directions, and its table of error codes. */
class ProtocolDocumentTest {

    private static final String DOCUMENT = document();
    private static final Pattern GOLDEN = Pattern.compile("```golden (\\S+)\n(.*?)```", Pattern.DOTALL);
    private static final Pattern ERROR_CODE =
            Pattern.compile("\n\\| (\\d+) \\| `([A-Z_]+)` \\| (refresh location|retry later|fail) \\|");

    private static final JobId JOB = JobId.parse("f0f1f2f3f4f5f6f71011121314151617");
    private static final KvStateId STATE = KvStateId.parse("a0a1a2a3a4a5a6a73031323334353637");
    private static final byte[] NAME = "counts".getBytes(StandardCharsets.UTF_8);
    private static final byte[] KEY = Bytes.ofHex("0000000000000007 2a 00");
    private static final byte[] OTHER_KEY = Bytes.ofHex("0000000000000009 2a 00");
    private static final byte[] VALUE = Bytes.ofHex("000000000000002a");
    private static final FlinkFailureEncoder FAILURES = new FlinkFailureEncoder("Queryable State Server");
    private static final KeyGroupRange LOWER_HALF = new KeyGroupRange(0, 63);

    /**
     * A message of the document.
     *
     * @param fields what {@code reader} must read from its bytes
     */
    private record Golden(String name, Consumer<ByteBuf> writer, Function<byte[], Object> reader, Object fields) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Golden> messages() {
        return Stream.concat(version2(), version1());
    }

    private static Stream<Golden> version2() {
        Failure overloaded = new Failure(ErrorCode.OVERLOADED, "the queue is full", true, 100);
        Hello hello = new Hello(2, 2, "secret", "prod");
        Welcome welcome = new Welcome(2, "prod");
        LocationRequest locationRequest = new LocationRequest(1500, JOB, "counts");
        KvStateLocation location = KvStateLocation.builder(JOB, "counts", 128)
                .place(LOWER_HALF, new KvStatePlacement(STATE, new ServerAddress("tm-1", 9067)))
                .build();
        CatalogueRequest catalogueRequest = new CatalogueRequest(1500);
        String type = "LongSerializer";
        List<CatalogueEntry> catalogue =
                List.of(new CatalogueEntry(JOB, "wordcount", "counts", StateKind.VALUE, type, type, 128, LOWER_HALF));
        return Stream.of(
                new Golden(
                        "request",
                        out -> KvStateRequestCodec.encode(out, 1, 1500, JOB, NAME, 7, KEY),
                        frame -> readRequest(frame, KvStateRequestCodec::decode),
                        List.of(1500, JOB, "counts", 7, Bytes.hex(KEY))),
                new Golden(
                        "internal-request",
                        out -> {
                            KvStateInternalRequestCodec.encodeHeader(out, 1, 1490, STATE, 94, KEY.length);
                            out.writeBytes(KEY);
                        },
                        frame -> readInternalRequest(frame, KvStateInternalRequestCodec::decode),
                        List.of(1490, STATE, 94, Bytes.hex(KEY))),
                new Golden(
                        "result",
                        out -> {
                            KvStateResultCodec.encodeHeader(out, Frames.FLAG_LOCATION_STALE, 1, VALUE.length);
                            out.writeBytes(VALUE);
                        },
                        ProtocolDocumentTest::readResult,
                        Bytes.hex(VALUE)),
                empty("absent", MessageType.ABSENT, 1),
                new Golden(
                        "failure",
                        out -> overloaded.encode(out, 1),
                        frame -> Failure.decode(Bytes.buffer(frame), 0, frame.length),
                        overloaded),
                new Golden("hello", out -> hello.encode(out, 0), frame -> Hello.decode(Bytes.body(frame)), hello),
                new Golden(
                        "welcome", out -> welcome.encode(out, 0), frame -> Welcome.decode(Bytes.body(frame)), welcome),
                empty("ping", MessageType.PING, 9),
                empty("pong", MessageType.PONG, 9),
                empty("going-away", MessageType.GOING_AWAY, 0),
                new Golden(
                        "location-request",
                        out -> locationRequest.encode(out, 1),
                        frame -> LocationRequest.decode(Bytes.body(frame)),
                        locationRequest),
                new Golden(
                        "location",
                        out -> location.encode(out, 1),
                        frame -> KvStateLocation.decode(Bytes.body(frame)),
                        location),
                new Golden(
                        "catalogue-request",
                        out -> catalogueRequest.encode(out, 1),
                        frame -> CatalogueRequest.decode(Bytes.body(frame)),
                        catalogueRequest),
                new Golden(
                        "catalogue",
                        out -> CatalogueEntry.encodeAll(catalogue, out, 1),
                        frame -> CatalogueEntry.decodeAll(Bytes.body(frame)),
                        catalogue),
                new Golden(
                        "batch-request",
                        out -> {
                            int keysBytes = 2 * BatchKeys.encodedSize(KEY.length);
                            KvStateBatchRequestCodec.encodeHeader(out, 1, 1500, JOB, NAME, keysBytes);
                            BatchKeys.encode(out, 0, 7, KEY);
                            BatchKeys.encode(out, 1, 9, OTHER_KEY);
                        },
                        ProtocolDocumentTest::readBatchRequest,
                        List.of(1500, JOB, "counts", "0 7 " + Bytes.hex(KEY), "1 9 " + Bytes.hex(OTHER_KEY))),
                new Golden(
                        "internal-batch-request",
                        out -> {
                            KvStateInternalBatchRequestCodec.encodeHeader(
                                    out, 1, 1490, STATE, BatchKeys.encodedSize(KEY.length));
                            BatchKeys.encode(out, 0, 94, KEY);
                        },
                        ProtocolDocumentTest::readInternalBatchRequest,
                        List.of(1490, STATE, "0 94 " + Bytes.hex(KEY))),
                new Golden(
                        "batch-answer",
                        ProtocolDocumentTest::writeBatchAnswer,
                        ProtocolDocumentTest::readBatchAnswer,
                        List.of("0 " + Bytes.hex(VALUE), "1 absent", "2 " + overloaded.withPause(0))),
                empty("cancel", MessageType.CANCEL, 1));
    }

    private static Stream<Golden> version1() {
        Failure unknown = new Failure(ErrorCode.LOCATION_UNKNOWN, "no state named counts");
        Failure unreadable = new Failure(ErrorCode.BAD_REQUEST, "no request id");
        return Stream.of(
                new Golden(
                        "v1-request",
                        out -> KvStateRequestCodec.encodeVersion1(out, 1, JOB, NAME, 7, KEY),
                        frame -> readRequest(frame, KvStateRequestCodec::decodeVersion1),
                        List.of(KvStateRequestCodec.NO_BUDGET, JOB, "counts", 7, Bytes.hex(KEY))),
                new Golden(
                        "v1-internal-request",
                        out -> {
                            KvStateInternalRequestCodec.encodeVersion1Header(out, 1, STATE, KEY.length);
                            out.writeBytes(KEY);
                        },
                        frame -> readInternalRequest(frame, KvStateInternalRequestCodec::decodeVersion1),
                        List.of(
                                KvStateRequestCodec.NO_BUDGET,
                                STATE,
                                KvStateInternalRequestCodec.NO_KEY_GROUP,
                                Bytes.hex(KEY))),
                new Golden(
                        "v1-result",
                        out -> {
                            KvStateResultCodec.encodeVersion1Header(out, 1, VALUE.length);
                            out.writeBytes(VALUE);
                        },
                        ProtocolDocumentTest::readResult,
                        Bytes.hex(VALUE)),
                new Golden(
                        "v1-absent-key",
                        out -> FAILURES.encodeAbsentKey(out, 1),
                        frame -> readFailure(frame, Frames.BODY_OFFSET),
                        "absent"),
                new Golden(
                        "v1-request-failure",
                        out -> FAILURES.encodeRequestFailure(out, 1, unknown),
                        frame -> readFailure(frame, Frames.BODY_OFFSET),
                        unknown),
                new Golden(
                        "v1-server-failure",
                        out -> FAILURES.encodeServerFailure(out, unreadable),
                        frame -> readFailure(frame, Frames.REQUEST_ID_OFFSET),
                        new Failure(ErrorCode.BAD_REQUEST, "Queryable State Server : no request id")));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldShowTheBytesThatAreWritten(Golden message) {
        assertThat(Bytes.hex(Bytes.written(message.writer()))).isEqualTo(goldenBytes(message.name()));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldShowBytesThatAreReadAsTheFields(Golden message) {
        assertThat(message.reader().apply(Bytes.ofHex(goldenBytes(message.name()))))
                .isEqualTo(message.fields());
    }

    @Test
    void shouldShowEveryMessage_andNoneThatIsNotChecked() {
        assertThat(goldenBlocks().keySet())
                .containsExactlyInAnyOrderElementsOf(
                        messages().map(Golden::name).toList());
        assertThat(version2()).as("one for each message type").hasSize(MessageType.values().length);
    }

    @Test
    void shouldListTheErrorCodesWithTheirDispositions() {
        List<String> listed = ERROR_CODE
                .matcher(DOCUMENT)
                .results()
                .map(row -> row.group(1) + " " + row.group(2) + " " + row.group(3))
                .toList();

        assertThat(listed)
                .containsExactlyElementsOf(Arrays.stream(ErrorCode.values())
                        .map(code -> code.number() + " " + code + " " + printed(code.disposition()))
                        .toList());
    }

    private static String printed(Disposition disposition) {
        return switch (disposition) {
            case REFRESH_LOCATION -> "refresh location";
            case RETRY_LATER -> "retry later";
            case FAIL -> "fail";
        };
    }

    private static Golden empty(String name, MessageType type, long requestId) {
        return new Golden(
                name,
                out -> Frames.writeEmpty(out, type, requestId),
                frame -> {
                    ByteBuf in = Bytes.buffer(frame);
                    return List.of(
                            MessageType.ofNumber(in.getUnsignedShort(Frames.TYPE_OFFSET)) == type,
                            Frames.requestId(in, 0),
                            frame.length);
                },
                List.of(true, requestId, Frames.BODY_OFFSET));
    }

    /** One of a codec's two ways to read a frame. */
    private interface FrameReader<C> {
        void read(C codec, ByteBuf in, int frame, int frameEnd);
    }

    private static Object readRequest(byte[] frame, FrameReader<KvStateRequestCodec> reader) {
        ByteBuf in = Bytes.buffer(frame);
        KvStateRequestCodec codec = new KvStateRequestCodec();
        reader.read(codec, in, 0, frame.length);
        String key = Bytes.hex(Arrays.copyOfRange(frame, codec.keyOffset(), codec.keyOffset() + codec.keyLength()));
        return List.of(codec.budgetMillis(), codec.jobId(), codec.stateName(in), codec.keyHashCode(), key);
    }

    private static Object readInternalRequest(byte[] frame, FrameReader<KvStateInternalRequestCodec> reader) {
        KvStateInternalRequestCodec codec = new KvStateInternalRequestCodec();
        reader.read(codec, Bytes.buffer(frame), 0, frame.length);
        String key = Bytes.hex(Arrays.copyOfRange(frame, codec.keyOffset(), codec.keyOffset() + codec.keyLength()));
        return List.of(codec.budgetMillis(), codec.kvStateId(), codec.keyGroup(), key);
    }

    private static Object readBatchRequest(byte[] frame) {
        ByteBuf in = Bytes.buffer(frame);
        KvStateBatchRequestCodec codec = new KvStateBatchRequestCodec();
        BatchKeys keys = codec.decode(in, 0, frame.length);
        List<Object> fields = new ArrayList<>(List.of(codec.budgetMillis(), codec.jobId(), codec.stateName(in)));
        for (int number : keys.numbers()) {
            fields.add(number + " " + keys.keyHashCode(in, number) + " " + keyOf(frame, keys, number));
        }
        return fields;
    }

    private static Object readInternalBatchRequest(byte[] frame) {
        ByteBuf in = Bytes.buffer(frame);
        KvStateInternalBatchRequestCodec codec = new KvStateInternalBatchRequestCodec();
        BatchKeys keys = codec.decode(in, 0, frame.length);
        assertThat(keys.numbers()).containsExactly(0);
        return List.of(
                codec.budgetMillis(), codec.kvStateId(), "0 " + keys.keyGroup(in, 0) + " " + keyOf(frame, keys, 0));
    }

    private static String keyOf(byte[] frame, BatchKeys keys, int number) {
        int start = keys.keyOffset(number);
        return Bytes.hex(Arrays.copyOfRange(frame, start, start + keys.keyLength(Bytes.buffer(frame), number)));
    }

    private static void writeBatchAnswer(ByteBuf out) {
        Failure overloaded = new Failure(ErrorCode.OVERLOADED, "the queue is full", true);
        int itemsBytes = KvStateBatchAnswerCodec.VALUE_HEAD_BYTES
                + VALUE.length
                + KvStateBatchAnswerCodec.ABSENT_BYTES
                + KvStateBatchAnswerCodec.encodedSize(overloaded);
        KvStateBatchAnswerCodec.encodeHeader(out, Frames.FLAG_MORE, 1, itemsBytes);
        KvStateBatchAnswerCodec.encodeValueHead(out, 0, VALUE.length);
        out.writeBytes(VALUE);
        KvStateBatchAnswerCodec.encodeAbsent(out, 1);
        KvStateBatchAnswerCodec.encodeFailure(out, 2, overloaded);
    }

    private static Object readBatchAnswer(byte[] frame) {
        ByteBuf body = Bytes.body(frame);
        KvStateBatchAnswerCodec items = new KvStateBatchAnswerCodec();
        items.start(body);
        List<Object> read = new ArrayList<>();
        while (items.next(body)) {
            read.add(items.number()
                    + " "
                    + switch (items.outcome()) {
                        case VALUE -> Bytes.hex(ByteBufUtil.getBytes(body, items.valueOffset(), items.valueLength()));
                        case ABSENT -> "absent";
                        case FAILURE -> items.failure(body);
                    });
        }
        return read;
    }

    private static Object readResult(byte[] frame) {
        int length = KvStateResultCodec.decode(Bytes.buffer(frame), 0, frame.length);
        int start = KvStateResultCodec.HEADER_BYTES;
        return Bytes.hex(Arrays.copyOfRange(frame, start, start + length));
    }

    private static Object readFailure(byte[] frame, int offset) {
        return FlinkFailureDecoder.decode(Bytes.buffer(frame), offset, frame.length)
                .<Object>map(failure -> failure)
                .orElse("absent");
    }

    private static String goldenBytes(String name) {
        return goldenBlocks().getOrDefault(name, "no such block");
    }

    private static Map<String, String> goldenBlocks() {
        Map<String, String> blocks = new TreeMap<>();
        for (MatchResult block : GOLDEN.matcher(DOCUMENT).results().toList()) {
            String hex = block.group(2).replaceAll("#[^\n]*", "").replaceAll("\\s", "");
            assertThat(blocks.put(block.group(1), hex))
                    .as("second block %s", block.group(1))
                    .isNull();
        }
        return blocks;
    }

    private static String document() {
        try {
            return Files.readString(Path.of("..", "docs", "protocol.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
