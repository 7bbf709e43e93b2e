package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.queryablestate.server.KvStateRegistryOptions;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.queryablestate.KvStateID;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.query.KvStateRegistry;
import org.apache.flink.runtime.query.KvStateRegistryListener;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Notices that states have ended, which name the state but not the registration. */
class LateNoticesTest {

    private final JobID job = new JobID();
    private final JobVertexID vertex = new JobVertexID();
    private final KeyGroupRange keyGroups = new KeyGroupRange(0, 63);
    private final KvStateRegistry flink = new KvStateRegistry();
    private final io.queryablestate.server.KvStateRegistry ours = new io.queryablestate.server.KvStateRegistry(
            KvStateRegistryOptions.builder().build());

    @BeforeEach
    void install() {
        RegistryHook.install(flink, new TaskStates(ours, QueryableStateSettings.of(new Configuration())));
    }

    @AfterEach
    void close() {
        ours.close();
    }

    @Test
    void shouldNotTellANewMasterOfTheEnd_whenItsPredecessorWasToldOfTheBeginning() {
        Master old = new Master();
        flink.registerListener(job, old);
        KvStateID leftBehind = register();
        flink.unregisterListener(job);
        Master successor = new Master();
        flink.registerListener(job, successor);
        KvStateID current = register();

        unregister(leftBehind);

        assertThat(successor.notices).containsExactly("registered " + current);
        unregister(current);
        assertThat(successor.notices).containsExactly("registered " + current, "unregistered");
    }

    @Test
    void shouldTellOfTheEndOnce_whenTheSameStateWasRegisteredAgainBeforeItsEnd() {
        Master master = new Master();
        flink.registerListener(job, master);
        KvStateID first = register();
        KvStateID second = register();

        unregister(first);
        assertThat(master.notices).containsExactly("registered " + first, "registered " + second);

        unregister(second);
        assertThat(master.notices).containsExactly("registered " + first, "registered " + second, "unregistered");
    }

    private KvStateID register() {
        return flink.registerKvState(
                job,
                vertex,
                keyGroups,
                "counts",
                FakeState.answering(() -> null),
                getClass().getClassLoader());
    }

    private void unregister(KvStateID id) {
        flink.unregisterKvState(job, vertex, keyGroups, "counts", id);
    }

    private static final class Master implements KvStateRegistryListener {

        private final List<String> notices = new ArrayList<>();

        @Override
        public void notifyKvStateRegistered(
                JobID jobId, JobVertexID vertexId, KeyGroupRange keyGroups, String name, KvStateID id) {
            notices.add("registered " + id);
        }

        @Override
        public void notifyKvStateUnregistered(JobID jobId, JobVertexID vertexId, KeyGroupRange keyGroups, String name) {
            notices.add("unregistered");
        }
    }
}
