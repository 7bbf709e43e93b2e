package io.queryablestate.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {

    private static final JobId JOB = new JobId(0x1011121314151617L, 0xf0f1f2f3f4f5f6f7L);
    private static final KvStateId STATE = new KvStateId(0x1011121314151617L, 0xf0f1f2f3f4f5f6f7L);

    static List<FlinkClasses> flink() {
        return FlinkClasses.all();
    }

    @ParameterizedTest
    @MethodSource("flink")
    void shouldPrintAndParseAsFlinkDoes(FlinkClasses flink) {
        assertThat(JOB).hasToString(flink.jobId(JOB).toString());
        assertThat(STATE).hasToString(flink.kvStateId(STATE).toString());
        assertThat(JobId.parse(flink.jobId(JOB).toString())).isEqualTo(JOB);
        assertThat(KvStateId.parse(flink.kvStateId(STATE).toString())).isEqualTo(STATE);
    }

    @Test
    void shouldPrintTheLowerHalfFirst() {
        assertThat(JOB).hasToString("f0f1f2f3f4f5f6f71011121314151617");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "f0f1f2f3f4f5f6f7101112131415161",
                "f0f1f2f3f4f5f6f710111213141516170",
                "f0f1f2f3f4f5f6f7-01112131415161",
                "g0f1f2f3f4f5f6f71011121314151617"
            })
    void shouldRefuse_whenTextIsNot32HexadecimalDigits(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> JobId.parse(text)).withMessageContaining("job id");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KvStateId.parse(text))
                .withMessageContaining("KvState id");
    }

    @Test
    void shouldDiffer_whenRandom() {
        assertThat(JobId.random()).isNotEqualTo(JobId.random());
        assertThat(KvStateId.random()).isNotEqualTo(KvStateId.random());
    }
}
