package io.queryablestate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkloadTest {

    private static final long KEY = Workload.SMALL.key(17);
    private static final long OTHER = Workload.SMALL.key(18);

    @Test
    void shouldTakeAValueForRight_whenItIsThatOfItsKey() {
        byte[] value = Workload.valueOf(KEY);

        assertThat(value).hasSize(Workload.SMALL.valueBytes());
        assertThat(Workload.isValueOf(KEY, value)).isTrue();
        assertThat(Workload.isValueOf(OTHER, value)).isFalse();
    }

    @Test
    void shouldTakeAValueForWrong_whenAnySingleByteDiffers() {
        for (int i = 0; i < Workload.SMALL.valueBytes(); i++) {
            byte[] value = Workload.valueOf(KEY);
            value[i] ^= 1;

            assertThat(Workload.isValueOf(KEY, value)).as("byte %d", i).isFalse();
        }
    }

    @Test
    void shouldTakeAValueForWrong_whenItsLengthDiffers() {
        byte[] value = Workload.valueOf(KEY);

        assertThat(Workload.isValueOf(KEY, Arrays.copyOf(value, value.length - 1)))
                .isFalse();
        assertThat(Workload.isValueOf(KEY, Arrays.copyOf(value, value.length + 1)))
                .isFalse();
    }

    @Test
    void shouldTakeAValueForWrong_whenItIsPutTogetherFromTwo() {
        byte[] torn = Workload.valueOf(KEY);
        byte[] other = Workload.valueOf(OTHER);
        System.arraycopy(other, 48, torn, 48, torn.length - 48);

        assertThat(Workload.isValueOf(KEY, torn)).isFalse();
        assertThat(Workload.isValueOf(OTHER, torn)).isFalse();
    }

    @Test
    void shouldTakeALongValueForWrong_whenAnyPartOfItIsThatOfAnotherKey() {
        long key = Workload.LARGE.key(1);
        byte[] right = Workload.valueOf(key);
        byte[] other = Workload.valueOf(Workload.LARGE.key(2));

        assertThat(Workload.isValueOf(key, right)).isTrue();
        for (int part = 0; part + 128 <= right.length; part += 4_096) {
            byte[] torn = right.clone();
            System.arraycopy(other, part, torn, part, 128);

            assertThat(Workload.isValueOf(key, torn)).as("at %d", part).isFalse();
        }
    }

    @Test
    void shouldGiveEveryKeyOnce_whenItIsAskedByIndex() {
        Workload workload = new Workload(100, 8);

        assertThat(IntStream.range(0, workload.keys()).mapToLong(workload::key))
                .doesNotHaveDuplicates()
                .allMatch(key -> Workload.valueBytes(key) == 8);
        assertThat(Workload.parse(workload.toString())).isEqualTo(workload);
    }
}
