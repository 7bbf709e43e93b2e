package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.queryablestate.messages.CatalogueEntry;
import io.queryablestate.messages.StateKind;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Flink's own registry, observed. This thread is not that of a task, so the states are registered as refused. */
class RegistryHookTest {

    private final JobID job = new JobID();
    private final JobVertexID vertex = new JobVertexID();
    private final KeyGroupRange keyGroups = new KeyGroupRange(0, 63);
    private final KvStateRegistry flink = new KvStateRegistry();
    private final io.queryablestate.server.KvStateRegistry ours = new io.queryablestate.server.KvStateRegistry(
            KvStateRegistryOptions.builder().build());
    private final RecordingListener listener = new RecordingListener();

    @BeforeEach
    void install() {
        RegistryHook.install(flink, new TaskStates(ours, QueryableStateSettings.of(new Configuration())));
    }

    @AfterEach
    void close() {
        ours.close();
    }

    @Test
    void shouldListAStateFromItsRegistrationToItsEnd() {
        flink.registerListener(job, listener);

        KvStateID id = register();

        assertThat(flink.getKvState(id)).isNotNull();
        assertThat(listener.notices).containsExactly("registered counts " + id);
        assertThat(ours.catalogue())
                .containsExactly(new CatalogueEntry(
                        FlinkIds.of(job),
                        "",
                        "counts",
                        StateKind.VALUE,
                        "string",
                        "long",
                        64,
                        new io.queryablestate.messages.KeyGroupRange(0, 63)));

        flink.unregisterKvState(job, vertex, keyGroups, "counts", id);

        assertThat(flink.getKvState(id)).isNull();
        assertThat(listener.notices).containsExactly("registered counts " + id, "unregistered counts");
        assertThat(ours.catalogue()).isEmpty();
    }

    @Test
    void shouldEndTheRegistration_whenTheListenerHasGoneBefore() {
        flink.registerListener(job, listener);
        KvStateID id = register();
        flink.unregisterListener(job);

        flink.unregisterKvState(job, vertex, keyGroups, "counts", id);

        assertThat(ours.catalogue()).isEmpty();
    }

    @Test
    void shouldPassTheListenersFailureOn_andNotKeepTheState() {
        IllegalStateException duplicate = new IllegalStateException("registered by another operator");
        listener.failure = duplicate;
        flink.registerListener(job, listener);

        assertThatThrownBy(this::register).isSameAs(duplicate);
        assertThat(ours.catalogue()).isEmpty();
    }

    @Test
    void shouldRefuseASecondListenerOfAJob_asFlinkDoes() {
        flink.registerListener(job, listener);

        assertThatThrownBy(() -> flink.registerListener(job, new RecordingListener()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("already registered");
    }

    @Test
    void shouldNotList_whenNobodyIsToldOfTheState() {
        KvStateID id = register();

        assertThat(flink.getKvState(id)).isNotNull();
        assertThat(ours.catalogue()).isEmpty();
    }

    @Test
    void shouldLeaveTheTaskAlone_whenOurRegistryIsClosed() {
        flink.registerListener(job, listener);
        ours.close();

        KvStateID id = register();

        assertThat(listener.notices).containsExactly("registered counts " + id);
        assertThatNoException().isThrownBy(() -> flink.unregisterKvState(job, vertex, keyGroups, "counts", id));
    }

    @Test
    void shouldLeaveTheTaskAlone_whenAStateCannotBeOffered() {
        flink.registerListener(job, listener);
        String tooLong = "x".repeat(2_000);

        KvStateID id = flink.registerKvState(
                job,
                vertex,
                keyGroups,
                tooLong,
                FakeState.answering(() -> null),
                getClass().getClassLoader());

        assertThat(listener.notices).containsExactly("registered " + tooLong + " " + id);
        assertThat(ours.catalogue()).isEmpty();
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

    private static final class RecordingListener implements KvStateRegistryListener {

        private final List<String> notices = new ArrayList<>();
        private @Nullable RuntimeException failure;

        @Override
        public void notifyKvStateRegistered(
                JobID jobId, JobVertexID vertexId, KeyGroupRange keyGroups, String name, KvStateID id) {
            if (failure != null) {
                throw failure;
            }
            notices.add("registered " + name + " " + id);
        }

        @Override
        public void notifyKvStateUnregistered(JobID jobId, JobVertexID vertexId, KeyGroupRange keyGroups, String name) {
            notices.add("unregistered " + name);
        }
    }
}
