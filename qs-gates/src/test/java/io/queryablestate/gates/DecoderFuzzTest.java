package io.queryablestate.gates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the fuzzer does by the million, on inputs that stay the same. */
class DecoderFuzzTest {

    private static final int RANDOM_INPUTS = 5_000;
    private static final int MAX_BYTES = 200;

    @Test
    void shouldRefuseOrDecode_whenMalformedFramesReachAnyDecoder() {
        List<byte[]> corpus = Malformed.corpus();
        assertThat(corpus).hasSizeGreaterThan(1_000);
        for (byte[] frame : corpus) {
            for (int decoder = 0; decoder < DecoderFuzz.decoders(); decoder++) {
                run(decoder, frame);
            }
        }
    }

    @Test
    void shouldRefuseOrDecode_whenGarbageReachesAnyDecoder() {
        Random random = new Random(42);
        for (int i = 0; i < RANDOM_INPUTS; i++) {
            byte[] garbage = new byte[random.nextInt(MAX_BYTES)];
            random.nextBytes(garbage);
            run(i % DecoderFuzz.decoders(), garbage);
        }
    }

    private static void run(int decoder, byte[] bytes) {
        byte[] input = new byte[1 + bytes.length];
        input[0] = (byte) decoder;
        System.arraycopy(bytes, 0, input, 1, bytes.length);
        assertThatCode(() -> DecoderFuzz.fuzzerTestOneInput(input))
                .as("decoder %d", decoder)
                .doesNotThrowAnyException();
    }
}
