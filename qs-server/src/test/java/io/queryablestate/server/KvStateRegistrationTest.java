package io.queryablestate.server;

import static io.queryablestate.server.TestRegistry.offer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.queryablestate.messages.CatalogueEntry;
import io.queryablestate.messages.KeyGroupRange;
import io.queryablestate.messages.StateKind;
import org.junit.jupiter.api.Test;

class KvStateRegistrationTest {

    private static final KvState NOTHING = (key, context) -> null;

    @Test
    void shouldShowEverythingInTheCatalogue_whenGiven() {
        CatalogueEntry entry = offer(NOTHING, ReadMode.inline())
                .jobName("word count")
                .kind(StateKind.MAP)
                .types("String", "Long")
                .build()
                .catalogueEntry();
        assertThat(entry)
                .isEqualTo(new CatalogueEntry(
                        TestRegistry.JOB,
                        "word count",
                        "counts",
                        StateKind.MAP,
                        "String",
                        "Long",
                        128,
                        new KeyGroupRange(0, 63)));
    }

    @Test
    void shouldCutTypes_whenTheyPrintThemselvesInFull() {
        CatalogueEntry entry = offer(NOTHING, ReadMode.inline())
                .types("k".repeat(5_000), "v".repeat(256))
                .build()
                .catalogueEntry();
        assertThat(entry.keyType()).isEqualTo("k".repeat(256));
        assertThat(entry.valueType()).isEqualTo("v".repeat(256));
    }

    @Test
    void shouldRefuse_whenAStateNameIsTooLong() {
        assertThat(offer(NOTHING, ReadMode.inline())
                        .stateName("ä".repeat(512))
                        .build()
                        .stateName())
                .hasSize(512);
        assertThatThrownBy(() -> offer(NOTHING, ReadMode.inline())
                        .stateName("ä".repeat(513))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1026");
    }

    @Test
    void shouldRefuse_whenAKeyGroupIsNotTheOperators() {
        assertThatThrownBy(() -> offer(NOTHING, ReadMode.inline())
                        .keyGroups(128, new KeyGroupRange(0, 128))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0-128");
    }

    @Test
    void shouldRefuse_whenThereIsNoState() {
        KvStateRegistration.Builder incomplete =
                KvStateRegistration.builder().jobId(TestRegistry.JOB).stateName("x");
        incomplete.keyGroups(1, new KeyGroupRange(0, 0));
        assertThatThrownBy(incomplete::build)
                .isInstanceOf(NullPointerException.class)
                .hasMessage("state");
    }
}
