package io.queryablestate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.queryablestate.messages.KvStateId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KvStateListenerTest {

    private final TestRegistry test = new TestRegistry();
    private final HeapKvState heap = new HeapKvState();

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void shouldTellJobAndPlacement_whenRegisteredAndClosed() {
        List<String> told = new ArrayList<>();
        test.registry.addListener(new KvStateListener() {
            @Override
            public void registered(KvStateInfo info) {
                assertThat(info.entry().jobId()).isEqualTo(TestRegistry.JOB);
                told.add("+" + info.kvStateId() + " " + info.entry().keyGroups());
            }

            @Override
            public void unregistered(KvStateInfo info) {
                told.add("-" + info.kvStateId() + " " + info.entry().keyGroups());
            }
        });
        RegisteredKvState state = test.register(heap, ReadMode.inline());
        state.close();
        state.close();
        assertThat(told).containsExactly("+" + state.kvStateId() + " 0-63", "-" + state.kvStateId() + " 0-63");
    }

    @Test
    void shouldTellTheEnd_whenTheRegistryCloses() {
        Placements placements = new Placements();
        test.registry.addListener(placements);
        test.register(heap, ReadMode.inline());
        test.registry.close();
        assertThat(placements.byStateName).isEmpty();
    }

    @Test
    void shouldKeepTheNewerRegistration_whenTheOlderIsUnregisteredLate() {
        Placements placements = new Placements();
        test.registry.addListener(placements);
        RegisteredKvState older = test.register(heap, ReadMode.inline());
        RegisteredKvState newer = test.register(heap, ReadMode.inline());
        assertThat(newer.incarnation()).isGreaterThan(older.incarnation());
        older.close();
        assertThat(placements.idOf("counts")).isEqualTo(newer.kvStateId());
        newer.close();
        assertThat(placements.byStateName).isEmpty();
    }

    @Test
    void shouldTellInOrder_whenClosedWhileTheRegistrationIsTold() {
        List<String> told = new ArrayList<>();
        test.registry.addListener(new KvStateListener() {
            @Override
            public void registered(KvStateInfo info) {
                // Closes the new state while later listeners have not heard of it yet.
                test.registry.close();
            }

            @Override
            public void unregistered(KvStateInfo info) {}
        });
        test.registry.addListener(new KvStateListener() {
            @Override
            public void registered(KvStateInfo info) {
                told.add("registered");
            }

            @Override
            public void unregistered(KvStateInfo info) {
                told.add("unregistered");
            }
        });
        test.register(heap, ReadMode.inline());
        assertThat(told).containsExactly("registered", "unregistered");
    }

    @Test
    void shouldTellTheOthers_whenAListenerThrows() {
        test.registry.addListener(new KvStateListener() {
            @Override
            public void registered(KvStateInfo info) {
                throw new IllegalStateException("listener");
            }

            @Override
            public void unregistered(KvStateInfo info) {
                throw new IllegalStateException("listener");
            }
        });
        Placements placements = new Placements();
        test.registry.addListener(placements);
        RegisteredKvState state = test.register(heap, ReadMode.inline());
        assertThat(placements.idOf("counts")).isEqualTo(state.kvStateId());
        state.close();
        assertThat(placements.byStateName).isEmpty();
    }

    /** Keeps the newest placement, as a location registry does. */
    private static final class Placements implements KvStateListener {

        private final Map<String, KvStateInfo> byStateName = new HashMap<>();

        @Override
        public void registered(KvStateInfo info) {
            byStateName.merge(
                    info.entry().stateName(), info, (old, now) -> old.incarnation() > now.incarnation() ? old : now);
        }

        @Override
        public void unregistered(KvStateInfo info) {
            byStateName.remove(info.entry().stateName(), info);
        }

        KvStateId idOf(String stateName) {
            return Objects.requireNonNull(byStateName.get(stateName)).kvStateId();
        }
    }
}
