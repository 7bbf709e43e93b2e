package io.queryablestate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class WorkloadTest {

    @Test
    void shouldTakeAValueForRight_whenItIsThatOfItsKey() {
        byte[] value = Workload.valueOf(17);

        assertThat(value).hasSize(Workload.VALUE_BYTES);
        assertThat(Workload.isValueOf(17, value)).isTrue();
        assertThat(Workload.isValueOf(18, value)).isFalse();
    }

    @Test
    void shouldTakeAValueForWrong_whenAnySingleByteDiffers() {
        for (int i = 0; i < Workload.VALUE_BYTES; i++) {
            byte[] value = Workload.valueOf(17);
            value[i] ^= 1;

            assertThat(Workload.isValueOf(17, value)).as("byte %d", i).isFalse();
        }
    }

    @Test
    void shouldTakeAValueForWrong_whenItsLengthDiffers() {
        byte[] value = Workload.valueOf(17);

        assertThat(Workload.isValueOf(17, Arrays.copyOf(value, value.length - 1)))
                .isFalse();
        assertThat(Workload.isValueOf(17, Arrays.copyOf(value, value.length + 1)))
                .isFalse();
    }

    @Test
    void shouldTakeAValueForWrong_whenItIsPutTogetherFromTwo() {
        byte[] torn = Workload.valueOf(17);
        byte[] other = Workload.valueOf(18);
        System.arraycopy(other, 48, torn, 48, torn.length - 48);

        assertThat(Workload.isValueOf(17, torn)).isFalse();
        assertThat(Workload.isValueOf(18, torn)).isFalse();
    }
}
