package io.queryablestate.flink;

import org.apache.flink.runtime.query.KvStateClientProxy;
import org.apache.flink.runtime.query.KvStateRegistry;
import org.apache.flink.runtime.query.KvStateServer;

/**
 * Makes the two services of a task manager. Flink makes the proxy and then the server, one right after the other on one
 * thread, and that is how the two find each other: a proxy lists the states of its own task manager.
 */
public final class FlinkServices {

    private static final ThreadLocal<FlinkClientProxy> PROXY_WITHOUT_SERVER = new ThreadLocal<>();

    private FlinkServices() {}

    /**
     * A proxy that does not listen yet.
     *
     * @throws IllegalArgumentException if an argument or a setting is out of its range
     */
    public static KvStateClientProxy newProxy(ServiceArguments arguments) {
        FlinkClientProxy proxy = new FlinkClientProxy(arguments, QueryableStateSettings.load());
        PROXY_WITHOUT_SERVER.set(proxy);
        return proxy;
    }

    /**
     * A state server that does not listen yet.
     *
     * @param registry where Flink's tasks register their states; observed from the start of the server on
     * @throws IllegalArgumentException if an argument or a setting is out of its range
     */
    public static KvStateServer newServer(ServiceArguments arguments, KvStateRegistry registry) {
        FlinkStateServer server = new FlinkStateServer(arguments, registry, QueryableStateSettings.load());
        FlinkClientProxy proxy = PROXY_WITHOUT_SERVER.get();
        PROXY_WITHOUT_SERVER.remove();
        if (proxy != null) {
            proxy.listStatesOf(server);
        }
        return server;
    }
}
