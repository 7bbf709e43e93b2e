package io.queryablestate.flinkdemo;

import static io.queryablestate.flinkdemo.TwoImplementations.Implementation.FLINKS;
import static io.queryablestate.flinkdemo.TwoImplementations.Implementation.OURS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Task managers with Flink's own queryable state and with ours serve one job together. */
class MixedClusterIT {

    static Stream<String> versions() {
        return Stream.of(System.getProperty("qs.flink.versions").split(","));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void shouldAnswerForEveryKey_whenOneTaskManagerHasFlinksJarAndOneOurs(String version) throws Exception {
        try (TwoImplementations cluster = TwoImplementations.start(version, FLINKS, OURS)) {
            cluster.assertEveryWord();
        }
        assertThat(ProcessHandle.current().children()).isEmpty();
    }
}
