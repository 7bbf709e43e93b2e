package io.queryablestate.gates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GateValueTest {

    private static final GateValue VALUE = new GateValue(1, 2, 3);

    @Test
    void shouldBeReadBack_whenNothingWasChanged() {
        assertThat(GateValue.decode(VALUE.encode(100))).contains(VALUE);
        assertThat(GateValue.decode(VALUE.encode(32))).contains(VALUE);
    }

    @Test
    void shouldBeFoundChanged_whenAnyBitIsFlipped() {
        byte[] encoded = VALUE.encode(100);
        for (int bit = 0; bit < encoded.length * Byte.SIZE; bit++) {
            byte[] flipped = encoded.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
            assertThat(GateValue.decode(flipped)).as("bit %d", bit).isEmpty();
        }
    }

    @Test
    void shouldBeFoundCut_whenBytesAreMissing() {
        byte[] encoded = VALUE.encode(100);
        for (int bytes = 0; bytes < encoded.length; bytes++) {
            assertThat(GateValue.decode(Arrays.copyOf(encoded, bytes))).isEmpty();
        }
    }

    @Test
    void shouldRefuse_whenItDoesNotFit() {
        assertThatThrownBy(() -> VALUE.encode(31)).isInstanceOf(IllegalArgumentException.class);
    }
}
