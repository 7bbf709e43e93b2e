package io.queryablestate.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.queryablestate.client.QueryableStateClient;
import io.queryablestate.network.PortRange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbeddedClusterLifecycleIT {

    @BeforeEach
    void awaitThreadsOfFormerTests() {
        ClusterThreads.awaitNone();
    }

    @Test
    void shouldLeaveNoThread_whenStartedAndClosedManyTimes() throws IOException {
        for (int cycle = 0; cycle < 20; cycle++) {
            try (EmbeddedCluster cluster = EmbeddedCluster.builder().start();
                    QueryableStateClient client = Ask.through(cluster)) {
                EmbeddedJob job = cluster.startJob("job", 2, 8);
                Ask.addCounts(job).put(1, 1L);
                assertThat(Ask.value(Ask.counts(client, job).get(1))).isEqualTo(1L);
                assertThat(ClusterThreads.running()).isNotEmpty();
            }
        }

        ClusterThreads.awaitNone();
    }

    @Test
    void shouldLeaveNoThread_whenKilledBeforeItIsClosed() throws IOException {
        try (EmbeddedCluster cluster = EmbeddedCluster.builder().start()) {
            Ask.addCounts(cluster.startJob("job", 2, 8)).put(1, 1L);
            cluster.killTaskManager(0);
            cluster.killTaskManager(0);
            cluster.stopTaskManager(1);
            cluster.killTaskManager(1);
            assertThat(cluster.proxyAddresses()).isEmpty();
        }

        ClusterThreads.awaitNone();
    }

    @Test
    void shouldSayWhichPortIsTaken_andLeaveNothingRunning() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            assertThatThrownBy(() -> EmbeddedCluster.builder()
                            .serverPorts(PortRange.parse("0"))
                            .proxyPorts(PortRange.parse(port))
                            .start())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("task manager 0 has not started")
                    .hasMessageContaining("ports " + port)
                    .hasMessageContaining("in use");
        }

        ClusterThreads.awaitNone();
    }

    @Test
    void shouldLeaveNothingRunning_whenPortsSufficeForOneTaskManagerOnly() throws IOException {
        String port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = Integer.toString(free.getLocalPort());
        }

        assertThatThrownBy(() -> EmbeddedCluster.builder()
                        .taskManagers(2)
                        .proxyPorts(PortRange.parse(port))
                        .start())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("task manager");
        ClusterThreads.awaitNone();
    }

    @Test
    void shouldTakeItsFormerPorts_whenRestarted() throws IOException {
        try (EmbeddedCluster cluster = EmbeddedCluster.builder().start()) {
            EmbeddedTaskManager taskManager = cluster.taskManagers().get(1);
            var proxy = taskManager.proxyAddress();
            var server = taskManager.serverAddress();

            cluster.stopTaskManager(1);
            assertThat(taskManager.isUp()).isFalse();
            assertThat(cluster.proxyAddresses()).doesNotContain(proxy);
            cluster.restartTaskManager(1);

            assertThat(taskManager.isUp()).isTrue();
            assertThat(taskManager.proxyAddress()).isEqualTo(proxy);
            assertThat(taskManager.serverAddress()).isEqualTo(server);
        }
    }

    @Test
    void shouldRefuseEverything_whenClosed() throws IOException {
        EmbeddedCluster cluster = EmbeddedCluster.builder().start();
        EmbeddedJob job = cluster.startJob("job", 1, 1);
        EmbeddedState<Integer, Long> counts = Ask.addCounts(job);
        cluster.close();
        cluster.close();

        assertThatThrownBy(() -> cluster.startJob("job", 1, 1)).hasMessage("the cluster is closed");
        assertThatThrownBy(() -> cluster.restartTaskManager(0)).hasMessage("the cluster is closed");
        assertThatThrownBy(() -> job.rescale(1)).hasMessageEndingWith("has ended");
        assertThatThrownBy(() -> counts.put(1, 1L)).hasMessageEndingWith("has ended");
    }
}
