package io.queryablestate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KvStateRegistryOptionsTest {

    @Test
    void shouldHaveTheDocumentedDefaults() {
        KvStateRegistryOptions options = KvStateRegistryOptions.builder().build();
        assertThat(options.queryThreads()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(options.queueLength()).isEqualTo(1_024);
        assertThat(options.responseLimit()).isEqualTo(64 * 1024 * 1024);
        assertThat(options.ownerShare()).isEqualTo(0.1);
        assertThat(options.ownerBatchTime()).isEqualTo(Duration.ofMillis(1));
        Thread thread = options.queryThreadFactory().newThread(() -> {});
        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getName()).isEqualTo("queryable-state-query-1");
    }

    @ParameterizedTest
    @MethodSource("outOfRange")
    void shouldRefuse_whenANumberIsOutOfRange(UnaryOperator<KvStateRegistryOptions.Builder> change) {
        KvStateRegistryOptions.Builder builder = change.apply(KvStateRegistryOptions.builder());
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(" must be ");
    }

    static Stream<UnaryOperator<KvStateRegistryOptions.Builder>> outOfRange() {
        return Stream.of(
                b -> b.queryThreads(0),
                b -> b.queueLength(0),
                b -> b.queueBytes(1_000),
                b -> b.responseLimit(0),
                b -> b.ownerBatchSize(0),
                b -> b.ownerBatchTime(Duration.ZERO),
                b -> b.ownerShare(0),
                b -> b.ownerShare(1.1),
                b -> b.ownerShare(Double.NaN),
                b -> b.closeTimeout(Duration.ofNanos(-1)));
    }
}
