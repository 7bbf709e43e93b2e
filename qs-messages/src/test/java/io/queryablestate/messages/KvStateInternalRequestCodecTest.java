package io.queryablestate.messages;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KvStateInternalRequestCodecTest {

    private static final KvStateId ID = new KvStateId(0x1011121314151617L, 0x2021222324252627L);
    private static final byte[] KEY = {1, 2, 3, 42, 0};
    private static final String FLINK_REQUEST = "messages.KvStateInternalRequest";

    private final KvStateInternalRequestCodec codec = new KvStateInternalRequestCodec();

    static List<FlinkClasses> flink() {
        return FlinkClasses.all();
    }

    @Test
    void shouldReadWhatItWrote_whenFrameStandsInTheMiddleOfABuffer() {
        byte[] frame = version2(1500, 77);
        ByteBuf in = Unpooled.buffer().writeLong(-1).writeBytes(frame).writeLong(-1);

        codec.decode(in, Long.BYTES, Long.BYTES + frame.length);

        assertThat(codec.budgetMillis()).isEqualTo(1500);
        assertThat(codec.keyGroup()).isEqualTo(77);
        assertThat(codec.kvStateId()).isEqualTo(ID);
        assertThat(in.slice(codec.keyOffset(), codec.keyLength())).isEqualTo(Bytes.buffer(KEY));
    }

    @ParameterizedTest
    @MethodSource("flink")
    void shouldSpeakVersion1WithFlink(FlinkClasses flink) {
        byte[] ours = version1(KEY);
        byte[] flinks = flink.write("serializeRequest", 7L, flink.create(FLINK_REQUEST, flink.kvStateId(ID), KEY));

        assertThat(flinks).isEqualTo(ours);
        Object read = flink.readBody(FLINK_REQUEST, "deserializeRequest", ours);
        assertThat(flink.get(read, "getKvStateId")).hasToString(ID.toString());
        assertThat(flink.get(read, "getSerializedKeyAndNamespace")).isEqualTo(KEY);
        codec.decodeVersion1(Bytes.buffer(flinks), 0, flinks.length);
        assertThat(codec.kvStateId()).isEqualTo(ID);
        assertThat(codec.keyGroup()).isEqualTo(KvStateInternalRequestCodec.NO_KEY_GROUP);
        assertThat(codec.budgetMillis()).isEqualTo(KvStateRequestCodec.NO_BUDGET);
        assertThat(codec.keyLength()).isEqualTo(KEY.length);
    }

    @ParameterizedTest
    @MethodSource("flink")
    void shouldAllowAnEmptyKey(FlinkClasses flink) {
        byte[] flinks =
                flink.write("serializeRequest", 7L, flink.create(FLINK_REQUEST, flink.kvStateId(ID), new byte[0]));

        codec.decodeVersion1(Bytes.buffer(flinks), 0, flinks.length);

        assertThat(codec.keyLength()).isZero();
    }

    @Test
    void shouldRefuse_whenBudgetOrKeyGroupIsNotOne() {
        byte[] noBudget = version2(0, 77);
        byte[] negativeBudget = version2(-1, 77);
        byte[] negativeKeyGroup = version2(1, -1);

        Bytes.assertBadRequest(() -> codec.decode(Bytes.buffer(noBudget), 0, noBudget.length));
        Bytes.assertBadRequest(() -> codec.decode(Bytes.buffer(negativeBudget), 0, negativeBudget.length));
        Bytes.assertBadRequest(() -> codec.decode(Bytes.buffer(negativeKeyGroup), 0, negativeKeyGroup.length));
    }

    @Test
    void shouldAcceptTheLongestKey_andNoByteMore() {
        byte[] longest = version1(new byte[Frames.MAX_KEY_BYTES]);
        byte[] longer = version1(new byte[Frames.MAX_KEY_BYTES + 1]);

        codec.decodeVersion1(Bytes.buffer(longest), 0, longest.length);
        assertThat(codec.keyLength()).isEqualTo(Frames.MAX_KEY_BYTES);
        Bytes.assertBadRequest(() -> codec.decodeVersion1(Bytes.buffer(longer), 0, longer.length));
    }

    private static byte[] version1(byte[] key) {
        return Bytes.written(out -> {
            KvStateInternalRequestCodec.encodeVersion1Header(out, 7, ID, key.length);
            out.writeBytes(key);
        });
    }

    private static byte[] version2(int budgetMillis, int keyGroup) {
        return Bytes.written(out -> {
            KvStateInternalRequestCodec.encodeHeader(out, 7, budgetMillis, ID, keyGroup, KEY.length);
            out.writeBytes(KEY);
        });
    }
}
