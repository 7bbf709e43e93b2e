package io.queryablestate.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import javax.management.JMException;
import javax.management.JMX;
import javax.management.ObjectName;
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
import org.apache.flink.runtime.taskexecutor.KvStateService;
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

    @Test
    void shouldShowWhereBothListen_untilTheyStop() throws Throwable {
        KvStateClientProxy proxy = FlinkServices.newProxy(TestServices.arguments("localhost", 0));
        KvStateServer server = FlinkServices.newServer(TestServices.arguments("localhost", 0), registry);
        HealthMXBean health = onlyHealth();
        assertThat(health.getProxyState()).isEqualTo(ServiceState.NOT_STARTED);
        assertThat(health.getServerState()).isEqualTo(ServiceState.NOT_STARTED);

        server.start();
        proxy.start();

        assertThat(health.getProxyState()).isEqualTo(ServiceState.LISTENING);
        assertThat(health.getProxyDetail())
                .isEqualTo("localhost:" + proxy.getServerAddress().getPort());
        assertThat(health.getServerState()).isEqualTo(ServiceState.LISTENING);
        assertThat(health.getServerDetail())
                .isEqualTo("localhost:" + server.getServerAddress().getPort());

        proxy.shutdown();
        assertThat(health.getProxyState()).isEqualTo(ServiceState.STOPPED);
        server.shutdown();
        assertThat(shown()).isEmpty();
    }

    @Test
    void shouldCountStates_andThoseThatRefuseLookups() throws Throwable {
        KvStateServer server = FlinkServices.newServer(TestServices.arguments("localhost", 0), registry);
        server.start();
        JobID job = new JobID();
        JobVertexID vertex = new JobVertexID();
        registry.registerListener(job, new SilentListener());
        HealthMXBean health = onlyHealth();

        // This is not the thread of a task, so the state cannot be read.
        KvStateID id = registry.registerKvState(
                job, vertex, new KeyGroupRange(0, 127), "counts", FakeState.answering(() -> null), null);
        assertThat(health.getQueryableStates()).isEqualTo(1);
        assertThat(health.getRefusedStates()).isEqualTo(1);

        registry.unregisterKvState(job, vertex, new KeyGroupRange(0, 127), "counts", id);
        assertThat(health.getQueryableStates()).isZero();
        assertThat(health.getRefusedStates()).isZero();
        server.shutdown();
    }

    @Test
    void shouldShowWhyNothingListens_whenFlinkSwallowsTheFailures() throws Throwable {
        System.setProperty("queryable-state.owner-share", "2");
        KvStateClientProxy proxy;
        try (ServerSocket taken = new ServerSocket(0)) {
            proxy = QueryableStateUtils.createKvStateClientProxy(
                    "localhost", List.of(taken.getLocalPort()).iterator(), 1, 1, new DisabledKvStateRequestStats());
            assertThat(proxy).isNull();
            System.clearProperty("queryable-state.owner-share");
            KvStateServer server = QueryableStateUtils.createKvStateServer(
                    "localhost",
                    List.of(taken.getLocalPort()).iterator(),
                    1,
                    1,
                    registry,
                    new DisabledKvStateRequestStats());
            KvStateService service = new KvStateService(registry, server, null);

            service.start();

            HealthMXBean health = onlyHealth();
            assertThat(health.getProxyState()).isEqualTo(ServiceState.FAILED);
            assertThat(health.getProxyDetail()).contains("queryable-state.owner-share must be 0.001 to 1.0, got 2.0");
            assertThat(health.getServerState()).isEqualTo(ServiceState.FAILED);
            assertThat(health.getServerDetail()).contains("cannot listen on", String.valueOf(taken.getLocalPort()));
            service.shutdown();
            assertThat(shown()).as("stays to be seen").hasSize(1);
        } finally {
            System.clearProperty("queryable-state.owner-share");
            for (ObjectName name : shown()) {
                ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
            }
        }
    }

    private static HealthMXBean onlyHealth() throws JMException {
        assertThat(shown()).hasSize(1);
        return JMX.newMXBeanProxy(
                ManagementFactory.getPlatformMBeanServer(), shown().iterator().next(), HealthMXBean.class);
    }

    private static Set<ObjectName> shown() throws JMException {
        return ManagementFactory.getPlatformMBeanServer()
                .queryNames(new ObjectName("io.queryablestate:type=Health,*"), null);
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
