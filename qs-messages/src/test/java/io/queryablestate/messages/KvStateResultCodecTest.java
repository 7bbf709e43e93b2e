package io.queryablestate.messages;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KvStateResultCodecTest {

    private static final String FLINK_REQUEST = "messages.KvStateRequest";
    private static final String FLINK_RESPONSE = "messages.KvStateResponse";

    static List<FlinkClasses> flink() {
        return FlinkClasses.all();
    }

    @Test
    void shouldReadWhatItWrote_whenFrameStandsInTheMiddleOfABuffer() {
        byte[] frame = Bytes.written(out -> {
            KvStateResultCodec.encodeHeader(out, Frames.FLAG_LOCATION_STALE, 7, 3);
            out.writeMedium(0x010203);
        });
        ByteBuf in = Unpooled.buffer().writeLong(-1).writeBytes(frame).writeLong(-1);

        assertThat(KvStateResultCodec.decode(in, Long.BYTES, Long.BYTES + frame.length))
                .isEqualTo(3);
        assertThat(in.getMedium(Long.BYTES + KvStateResultCodec.HEADER_BYTES)).isEqualTo(0x010203);
        assertThat(Frames.flags(in, Long.BYTES)).isEqualTo(Frames.FLAG_LOCATION_STALE);
    }

    /** Successor of Flink's {@code MessageSerializerTest.testResponseSerialization}, in both directions. */
    @ParameterizedTest
    @MethodSource("flink")
    void shouldSpeakVersion1WithFlink(FlinkClasses flink) {
        assertSameAsFlink(flink, new byte[] {1, 2, 3});
    }

    /** Successor of {@code testResponseSerializationWithZeroLengthSerializedResult}. */
    @ParameterizedTest
    @MethodSource("flink")
    void shouldAllowAnEmptyValue(FlinkClasses flink) {
        assertSameAsFlink(flink, new byte[0]);
    }

    /**
     * Successor of {@code testNullPointerExceptionOnNullSerializedResult}: a value is given by its length here, and a
     * length that is none is refused by every reader.
     */
    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 2, 4, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void shouldRefuse_whenLengthIsNotThatOfTheValue(int length) {
        byte[] frame = Bytes.written(out -> {
            KvStateResultCodec.encodeVersion1Header(out, 7, 3);
            out.writeMedium(0x010203);
            out.setInt(Frames.BODY_OFFSET, length);
        });

        Bytes.assertBadRequest(() -> KvStateResultCodec.decode(Bytes.buffer(frame), 0, frame.length));
    }

    private static void assertSameAsFlink(FlinkClasses flink, byte[] value) {
        byte[] ours = Bytes.written(out -> {
            KvStateResultCodec.encodeVersion1Header(out, 7, value.length);
            out.writeBytes(value);
        });
        byte[] flinks = flink.write("serializeResponse", 7L, flink.create(FLINK_RESPONSE, (Object) value));

        assertThat(flinks).isEqualTo(ours);
        Object read = flink.readBody(FLINK_REQUEST, "deserializeResponse", ours);
        assertThat(flink.get(read, "getContent")).isEqualTo(value);
        assertThat(KvStateResultCodec.decode(Bytes.buffer(flinks), 0, flinks.length))
                .isEqualTo(value.length);
    }
}
