package io.queryablestate.flink;

/**
 * What queryable state does on a task manager, for monitoring over JMX under {@code io.queryablestate:type=Health}. A
 * further task manager in the same process has {@code instance=2} and so on besides. Flink goes on when one of the two
 * services fails, so this, and a line in the log, is where it shows. Thread safe.
 */
public interface HealthMXBean {

    /** What the proxy does. */
    ServiceState getProxyState();

    /** The address of a proxy that listens, the reason of one that has failed, else empty. */
    String getProxyDetail();

    /** What the state server does. */
    ServiceState getServerState();

    /** The address of a state server that listens, the reason of one that has failed, else empty. */
    String getServerDetail();

    /** How many states the tasks of this task manager have registered and not yet removed. */
    int getQueryableStates();

    /** How many of them refuse every lookup; a line at level WARN says why. */
    int getRefusedStates();
}
