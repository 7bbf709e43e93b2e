package io.queryablestate.flink;

import org.apache.flink.runtime.query.KvStateClientProxy;
import org.apache.flink.runtime.query.KvStateRegistry;
import org.apache.flink.runtime.query.KvStateServer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the two services of a task manager. Flink makes the proxy and then the server, one right after the other on one
 * thread, and that is how the two find each other: a proxy lists the states of its own task manager.
 */
public final class FlinkServices {

    private static final ThreadLocal<ProxySide> WITHOUT_SERVER = new ThreadLocal<>();

    private FlinkServices() {}

    /**
     * A proxy that does not listen yet.
     *
     * @throws IllegalArgumentException if an argument or a setting is out of its range
     */
    public static KvStateClientProxy newProxy(ServiceArguments arguments) {
        TaskManagerHealth health = TaskManagerHealth.show();
        WITHOUT_SERVER.set(new ProxySide(health, null));
        FlinkClientProxy proxy = health.proxy().make(() -> {
            QueryableStateSettings settings = QueryableStateSettings.load();
            settings.warnIfOpen(arguments);
            return new FlinkClientProxy(arguments, settings, health);
        });
        WITHOUT_SERVER.set(new ProxySide(health, proxy));
        return proxy;
    }

    /**
     * A state server that does not listen yet.
     *
     * @param registry where Flink's tasks register their states; observed from the start of the server on
     * @throws IllegalArgumentException if an argument or a setting is out of its range
     */
    public static KvStateServer newServer(ServiceArguments arguments, KvStateRegistry registry) {
        ProxySide madeBefore = WITHOUT_SERVER.get();
        WITHOUT_SERVER.remove();
        ProxySide proxySide = madeBefore == null ? new ProxySide(TaskManagerHealth.show(), null) : madeBefore;
        TaskManagerHealth health = proxySide.health();
        FlinkStateServer server = health.server()
                .make(() -> new FlinkStateServer(arguments, registry, QueryableStateSettings.load(), health));
        if (proxySide.proxy() != null) {
            proxySide.proxy().listStatesOf(server);
        }
        return server;
    }

    /** What the making of a proxy, which may have failed, leaves for the making of its server. */
    private record ProxySide(
            TaskManagerHealth health, @Nullable FlinkClientProxy proxy) {}
}
