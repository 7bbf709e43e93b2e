package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import org.apache.flink.api.common.JobID;
import org.apache.flink.queryablestate.KvStateID;
import org.apache.flink.queryablestate.client.proxy.KvStateClientProxyImpl;
import org.apache.flink.queryablestate.network.stats.DisabledKvStateRequestStats;
import org.apache.flink.queryablestate.server.KvStateServerImpl;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.jobmaster.KvStateLocationOracle;
import org.apache.flink.runtime.query.KvStateClientProxy;
import org.apache.flink.runtime.query.KvStateRegistry;
import org.apache.flink.runtime.query.KvStateRegistryListener;
import org.apache.flink.runtime.query.KvStateServer;
import org.apache.flink.runtime.query.QueryableStateUtils;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.junit.jupiter.api.Test;

class FlinkServicesTest {

    private final KvStateRegistry registry = new KvStateRegistry();

    @Test
    void shouldBeWhatFlinkLoads() {
        KvStateClientProxy proxy = QueryableStateUtils.createKvStateClientProxy(
                "localhost", List.of(0).iterator(), 1, 1, new DisabledKvStateRequestStats());
        KvStateServer server = QueryableStateUtils.createKvStateServer(
                "localhost", List.of(0).iterator(), 1, 1, registry, new DisabledKvStateRequestStats());

        assertThat(proxy).isInstanceOf(KvStateClientProxyImpl.class);
        assertThat(server).isInstanceOf(KvStateServerImpl.class);
        proxy.shutdown();
        server.shutdown();
    }

    @Test
    void shouldListenFromStartToShutdown() throws Throwable {
        KvStateServer server = FlinkServices.newServer(TestServices.arguments("localhost", 0), registry);
        server.start();
        int port = server.getServerAddress().getPort();
        assertThat(server.getServerAddress().isUnresolved()).isFalse();
        new Socket("localhost", port).close();

        server.shutdown();

        assertThatThrownBy(() -> new Socket("localhost", port).close()).isInstanceOf(IOException.class);
    }

    @Test
    void shouldListTheStatesOfTheSameTaskManager() throws Throwable {
        FlinkClientProxy proxy = (FlinkClientProxy) FlinkServices.newProxy(TestServices.arguments("localhost", 0));
        FlinkClientProxy other = (FlinkClientProxy) FlinkServices.newProxy(TestServices.arguments("localhost", 0));
        KvStateServer server = FlinkServices.newServer(TestServices.arguments("localhost", 0), registry);
        server.start();
        JobID job = new JobID();
        registry.registerListener(job, new SilentListener());

        registry.registerKvState(
                job,
                new JobVertexID(),
                new KeyGroupRange(0, 127),
                "counts",
                FakeState.answering(() -> null),
                getClass().getClassLoader());

        assertThat(other.catalogue()).singleElement().satisfies(entry -> assertThat(entry.stateName())
                .isEqualTo("counts"));
        assertThat(proxy.catalogue()).as("of a proxy that got no server").isEmpty();
        server.shutdown();
        proxy.shutdown();
        other.shutdown();
    }

    @Test
    void shouldReturnTheOracleThatItWasGiven_untilItIsTakenAway() {
        KvStateClientProxy proxy = FlinkServices.newProxy(TestServices.arguments("localhost", 0));
        JobID job = new JobID();
        KvStateLocationOracle oracle = (jobId, name) -> {
            throw new AssertionError("nobody asks");
        };

        proxy.updateKvStateLocationOracle(job, oracle);
        assertThat(proxy.getKvStateLocationOracle(job)).isSameAs(oracle);

        proxy.updateKvStateLocationOracle(job, null);
        assertThat(proxy.getKvStateLocationOracle(job)).isNull();
        proxy.shutdown();
    }

    private static final class SilentListener implements KvStateRegistryListener {

        @Override
        public void notifyKvStateRegistered(
                JobID jobId, JobVertexID vertexId, KeyGroupRange keyGroups, String name, KvStateID id) {
            // The job's master is not part of this.
        }

        @Override
        public void notifyKvStateUnregistered(JobID jobId, JobVertexID vertexId, KeyGroupRange keyGroups, String name) {
            // The job's master is not part of this.
        }
    }
}
