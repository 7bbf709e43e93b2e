package io.queryablestate.flinkdemo;

import static io.queryablestate.flinkdemo.TwoImplementations.Implementation.FLINKS;
import static io.queryablestate.flinkdemo.TwoImplementations.Implementation.OURS;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** From Flink's own queryable state to ours and back, one task manager after the other, while jobs run. */
class RollingReplacementIT {

    static Stream<String> versions() {
        return MixedClusterIT.versions();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void shouldAnswerForEveryKey_whenTaskManagersAreReplacedOneByOneInBothDirections(String version) throws Exception {
        try (TwoImplementations cluster = TwoImplementations.start(version, FLINKS, FLINKS)) {
            cluster.assertEveryWord();
            cluster.replaceOldest(OURS);
            cluster.assertEveryWord();
            cluster.replaceOldest(OURS);
            cluster.assertEveryWord();
            cluster.replaceOldest(FLINKS);
            cluster.assertEveryWord();
            cluster.replaceOldest(FLINKS);
            cluster.assertEveryWord();
        }
    }
}
