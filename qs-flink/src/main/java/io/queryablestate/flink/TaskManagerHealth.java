package io.queryablestate.flink;

import java.lang.management.ManagementFactory;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The health of the proxy and the state server of one task manager, shown over JMX until both are gone. Thread safe. */
final class TaskManagerHealth implements HealthMXBean {

    private static final Logger LOG = LoggerFactory.getLogger(TaskManagerHealth.class);
    private static final String NAME = "io.queryablestate:type=Health";

    private final ServiceHealth proxy =
            new ServiceHealth("Queryable State Proxy Server", "queryable-state.proxy.ports");
    private final ServiceHealth server = new ServiceHealth("Queryable State Server", "queryable-state.server.ports");
    private volatile @Nullable ObjectName name;
    private volatile @Nullable TaskStates states;

    private TaskManagerHealth() {}

    /** Shows the health of a task manager whose services are about to be made. */
    static TaskManagerHealth show() {
        TaskManagerHealth health = new TaskManagerHealth();
        try {
            health.name = register(health);
        } catch (JMException | RuntimeException e) {
            LOG.warn("The health of queryable state cannot be shown over JMX", e);
        }
        return health;
    }

    private static ObjectName register(TaskManagerHealth health) throws JMException {
        for (int instance = 1; ; instance++) {
            ObjectName free = new ObjectName(instance == 1 ? NAME : NAME + ",instance=" + instance);
            try {
                ManagementFactory.getPlatformMBeanServer().registerMBean(health, free);
                return free;
            } catch (InstanceAlreadyExistsException e) {
                // Of another task manager in this process, as tests have them.
                LOG.trace("{} is taken", free);
            }
        }
    }

    ServiceHealth proxy() {
        return proxy;
    }

    ServiceHealth server() {
        return server;
    }

    void count(TaskStates ofTaskManager) {
        states = ofTaskManager;
    }

    /** To be called when a service is shut down. If both have failed, that stays to be seen. */
    void stop(ServiceHealth service) {
        boolean stopped = service.stop();
        ObjectName shown = name;
        if (!stopped || shown == null || proxy.isAlive() || server.isAlive()) {
            return;
        }
        name = null;
        try {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(shown);
        } catch (JMException | RuntimeException e) {
            LOG.debug("{} has not been unregistered", shown, e);
        }
    }

    @Override
    public ServiceState getProxyState() {
        return proxy.condition().state();
    }

    @Override
    public String getProxyDetail() {
        return proxy.condition().detail();
    }

    @Override
    public ServiceState getServerState() {
        return server.condition().state();
    }

    @Override
    public String getServerDetail() {
        return server.condition().detail();
    }

    @Override
    public int getQueryableStates() {
        TaskStates known = states;
        return known == null ? 0 : known.size();
    }

    @Override
    public int getRefusedStates() {
        TaskStates known = states;
        return known == null ? 0 : known.refused();
    }
}
