package io.queryablestate.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KvStateRequestCodecTest {

    private static final JobId JOB = new JobId(0x1011121314151617L, 0x2021222324252627L);
    private static final byte[] NAME = "größe".getBytes(StandardCharsets.UTF_8);
    private static final byte[] KEY = {1, 2, 3, 42, 0};
    private static final String FLINK_REQUEST = "messages.KvStateRequest";

    private final KvStateRequestCodec codec = new KvStateRequestCodec();

    static List<FlinkClasses> flink() {
        return FlinkClasses.all();
    }

    @Test
    void shouldReadWhatItWrote_whenFrameStandsInTheMiddleOfABuffer() {
        byte[] frame = Bytes.written(out -> KvStateRequestCodec.encode(out, 7, 1500, JOB, NAME, -5, KEY));
        ByteBuf in = Unpooled.buffer().writeLong(-1).writeBytes(frame).writeLong(-1);

        codec.decode(in, Long.BYTES, Long.BYTES + frame.length);

        assertThat(frame).hasSize(KvStateRequestCodec.encodedSize(NAME, KEY));
        assertThat(Frames.requestId(in, Long.BYTES)).isEqualTo(7);
        assertThat(codec.budgetMillis()).isEqualTo(1500);
        assertDecoded(in);
    }

    @Test
    void shouldReadVersion1_whenItWroteIt() {
        byte[] frame = Bytes.written(out -> KvStateRequestCodec.encodeVersion1(out, 7, JOB, NAME, -5, KEY));
        ByteBuf in = Unpooled.buffer().writeLong(-1).writeBytes(frame).writeLong(-1);

        codec.decodeVersion1(in, Long.BYTES, Long.BYTES + frame.length);

        assertThat(frame).hasSize(KvStateRequestCodec.encodedSizeVersion1(NAME, KEY));
        assertThat(codec.budgetMillis()).isEqualTo(KvStateRequestCodec.NO_BUDGET);
        assertDecoded(in);
    }

    /** Successor of Flink's {@code MessageSerializerTest.testRequestSerialization}, in both directions. */
    @ParameterizedTest
    @MethodSource("flink")
    void shouldSpeakVersion1WithFlink(FlinkClasses flink) {
        byte[] ours = Bytes.written(out -> KvStateRequestCodec.encodeVersion1(out, 7, JOB, NAME, -5, KEY));
        Object request = flink.create(FLINK_REQUEST, flink.jobId(JOB), "größe", -5, KEY);
        byte[] flinks = flink.write("serializeRequest", 7L, request);

        assertThat(flinks).isEqualTo(ours);
        Object read = flink.readBody(FLINK_REQUEST, "deserializeRequest", ours);
        assertThat(flink.get(read, "getJobId")).hasToString(JOB.toString());
        assertThat(flink.get(read, "getStateName")).isEqualTo("größe");
        assertThat(flink.get(read, "getKeyHashCode")).isEqualTo(-5);
        assertThat(flink.get(read, "getSerializedKeyAndNamespace")).isEqualTo(KEY);
    }

    /** Successor of {@code testRequestSerializationWithZeroLengthKeyAndNamespace}. */
    @ParameterizedTest
    @MethodSource("flink")
    void shouldAllowAnEmptyKey_inBothVersions(FlinkClasses flink) {
        Object request = flink.create(FLINK_REQUEST, flink.jobId(JOB), "s", 1, new byte[0]);
        byte[] flinks = flink.write("serializeRequest", 7L, request);
        byte[] name = {'s'};

        codec.decodeVersion1(Bytes.buffer(flinks), 0, flinks.length);
        assertThat(codec.keyLength()).isZero();

        byte[] ours = Bytes.written(out -> KvStateRequestCodec.encode(out, 7, 1, JOB, name, 1, new byte[0]));
        codec.decode(Bytes.buffer(ours), 0, ours.length);
        assertThat(codec.keyLength()).isZero();
    }

    /** Successor of {@code testNullPointerExceptionOnNullSerializedKeyAndNamepsace}. */
    @Test
    @SuppressWarnings("NullAway") // the refusal of null is what is tested
    void shouldRefuseNull_andWriteNothing() {
        ByteBuf out = Unpooled.buffer();

        assertThatNullPointerException().isThrownBy(() -> KvStateRequestCodec.encode(out, 1, 1, JOB, NAME, 1, null));
        assertThatNullPointerException()
                .isThrownBy(() -> KvStateRequestCodec.encodeVersion1(out, 1, JOB, NAME, 1, null));
        assertThat(out.writerIndex()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, Frames.MAX_STATE_NAME_BYTES + 1, 70_000})
    void shouldRefuseToWriteAndWriteNothing_whenNameHasNotOneOfTheLengthsThatPeersAccept(int length) {
        ByteBuf out = Unpooled.buffer();
        byte[] name = new byte[length];

        Bytes.assertBadRequest(() -> KvStateRequestCodec.encode(out, 1, 1, JOB, name, 1, KEY));
        Bytes.assertBadRequest(() -> KvStateRequestCodec.encodeVersion1(out, 1, JOB, name, 1, KEY));
        assertThat(out.writerIndex()).isZero();
    }

    @Test
    void shouldAcceptTheLongestNameAndKey_andNoByteMore() {
        byte[] name = "n".repeat(Frames.MAX_STATE_NAME_BYTES).getBytes(StandardCharsets.UTF_8);
        byte[] key = new byte[Frames.MAX_KEY_BYTES];

        byte[] second = Bytes.written(out -> KvStateRequestCodec.encode(out, 1, 1, JOB, name, 1, key));
        codec.decode(Bytes.buffer(second), 0, second.length);
        assertThat(codec.keyLength()).isEqualTo(Frames.MAX_KEY_BYTES);
        byte[] first = Bytes.written(out -> KvStateRequestCodec.encodeVersion1(out, 1, JOB, name, 1, key));
        codec.decodeVersion1(Bytes.buffer(first), 0, first.length);
        assertThat(codec.nameLength()).isEqualTo(Frames.MAX_STATE_NAME_BYTES);

        byte[] longer = Arrays.copyOf(second, second.length + 1);
        Bytes.assertBadRequest(() -> codec.decode(Bytes.buffer(longer), 0, longer.length));
        Bytes.assertBadRequest(() ->
                KvStateRequestCodec.encode(Unpooled.buffer(), 1, 1, JOB, name, 1, new byte[Frames.MAX_KEY_BYTES + 1]));
    }

    /** A proxy writes the header of the request to the state server over what stands before the key. */
    @Test
    void shouldLeaveRoomForTheInternalHeader_whateverTheName() {
        byte[] frame = Bytes.written(out -> KvStateRequestCodec.encode(out, 1, 1, JOB, new byte[] {'s'}, 1, KEY));

        codec.decode(Bytes.buffer(frame), 0, frame.length);

        assertThat(codec.keyOffset()).isGreaterThanOrEqualTo(KvStateInternalRequestCodec.HEADER_BYTES);
    }

    private void assertDecoded(ByteBuf in) {
        assertThat(codec.jobId()).isEqualTo(JOB);
        assertThat(codec.jobUpper()).isEqualTo(JOB.upper());
        assertThat(codec.jobLower()).isEqualTo(JOB.lower());
        assertThat(codec.stateName(in)).isEqualTo("größe");
        assertThat(in.slice(codec.nameOffset(), codec.nameLength())).isEqualTo(Bytes.buffer(NAME));
        assertThat(codec.keyHashCode()).isEqualTo(-5);
        assertThat(in.slice(codec.keyOffset(), codec.keyLength())).isEqualTo(Bytes.buffer(KEY));
    }
}
