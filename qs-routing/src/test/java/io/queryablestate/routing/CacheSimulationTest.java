package io.queryablestate.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Many lives of a location cache. {@code -Dsimulation.seeds=N} lives more of them than every build does. */
class CacheSimulationTest {

    private static final int SEEDS = Integer.getInteger("simulation.seeds", 200);
    private static final int STEPS = 1_000;

    private final Logger log = (Logger) LoggerFactory.getLogger(LocationCache.class);

    @BeforeEach
    void keepProvokedFailuresOutOfTheLog() {
        log.setLevel(Level.OFF);
    }

    @AfterEach
    void logAgain() {
        log.setLevel(null);
    }

    @Test
    void shouldKeepItsPromises_whateverTheSeed() {
        Set<Long> traces = new HashSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            try {
                traces.add(new CacheSimulation(seed).run(STEPS));
            } catch (AssertionError e) {
                fail("seed " + seed, e);
            }
        }
        assertThat(traces).hasSize(SEEDS);
    }

    @Test
    void shouldLiveTheSameLife_whenTheSeedIsTheSame() {
        for (long seed = 0; seed < 20; seed++) {
            assertThat(new CacheSimulation(seed).run(STEPS)).isEqualTo(new CacheSimulation(seed).run(STEPS));
        }
    }
}
