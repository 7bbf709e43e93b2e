package io.queryablestate.embedded;

import io.queryablestate.network.ConnectionOptions;
import io.queryablestate.network.PortRange;
import io.queryablestate.network.ServerOptions;
import io.queryablestate.network.ServerSecurity;
import io.queryablestate.proxy.ProxyOptions;
import java.time.Duration;

/** What a cluster was built with. {@link EmbeddedCluster.Builder} documents each part. */
record ClusterOptions(
        int taskManagers,
        String bindHost,
        PortRange proxyPorts,
        PortRange serverPorts,
        int eventLoopThreads,
        Duration drainTimeout,
        ServerSecurity security,
        String proxyToken) {

    ClusterOptions {
        if (taskManagers < 1) {
            throw new IllegalArgumentException("a cluster has at least 1 task manager, got " + taskManagers);
        }
    }

    ProxyOptions proxyOptions() {
        return ProxyOptions.builder()
                .server(listeningOn(proxyPorts))
                .upstream(ConnectionOptions.builder()
                        .tls(security.tls())
                        .token(proxyToken)
                        .build())
                .build();
    }

    ServerOptions serverOptions() {
        return listeningOn(serverPorts);
    }

    /** The same, with these two ports tried before the others. */
    ClusterOptions preferring(int proxyPort, int serverPort) {
        return new ClusterOptions(
                taskManagers,
                bindHost,
                PortRange.parse(proxyPort + "," + proxyPorts),
                PortRange.parse(serverPort + "," + serverPorts),
                eventLoopThreads,
                drainTimeout,
                security,
                proxyToken);
    }

    private ServerOptions listeningOn(PortRange ports) {
        return ServerOptions.builder()
                .bindHost(bindHost)
                .ports(ports)
                .eventLoopThreads(eventLoopThreads)
                .drainTimeout(drainTimeout)
                .security(security)
                .build();
    }
}
