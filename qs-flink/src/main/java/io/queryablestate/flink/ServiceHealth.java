package io.queryablestate.flink;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How one service fares. Flink swallows what its making and its start throw, so that is told here. Thread safe. */
final class ServiceHealth {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceHealth.class);

    private final String service;
    private final String portsKey;
    private volatile boolean made;
    private volatile Condition condition = new Condition(ServiceState.NOT_STARTED, "");

    /**
     * A service that is yet to be made.
     *
     * @param service its name in the log
     * @param portsKey the setting that gives its ports
     */
    ServiceHealth(String service, String portsKey) {
        this.service = service;
        this.portsKey = portsKey;
    }

    Condition condition() {
        return condition;
    }

    /** Makes the service, or tells why not. */
    <T> T make(Supplier<T> maker) {
        try {
            T result = maker.get();
            made = true;
            return result;
        } catch (Throwable e) {
            failed(e);
            throw e;
        }
    }

    /**
     * Starts the service, or tells why not.
     *
     * @param start returns the address of the service, which then listens
     */
    void start(Callable<InetSocketAddress> start) throws Exception {
        try {
            InetSocketAddress address = start.call();
            condition = new Condition(ServiceState.LISTENING, address.getHostString() + ":" + address.getPort());
        } catch (Throwable e) {
            failed(e);
            throw e;
        }
    }

    /** False for a service that has failed, which is shut down too and has failed nevertheless. */
    boolean stop() {
        if (condition.state() == ServiceState.FAILED) {
            return false;
        }
        condition = new Condition(ServiceState.STOPPED, "");
        return true;
    }

    /** Whether the service is, or will be, of use. */
    boolean isAlive() {
        return made && (condition.state() == ServiceState.NOT_STARTED || condition.state() == ServiceState.LISTENING);
    }

    private void failed(Throwable e) {
        String reason = e.getMessage() == null ? e.getClass().getName() : e.getMessage();
        condition = new Condition(ServiceState.FAILED, reason);
        LOG.error(
                "{} is off on this task manager, jobs run without it: {}. {}, then restart the task manager.",
                service,
                reason,
                advice(e));
    }

    private String advice(Throwable e) {
        if (e instanceof BindException) {
            return "Free one of these ports or set others with " + portsKey;
        }
        return e instanceof IllegalArgumentException
                ? "Correct what this names in Flink's configuration"
                : "Look up the reason in the exception that Flink logs next";
    }

    /**
     * What a service does.
     *
     * @param detail where it listens, or why it failed
     */
    record Condition(ServiceState state, String detail) {}
}
