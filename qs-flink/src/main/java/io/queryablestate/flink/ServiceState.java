package io.queryablestate.flink;

/** What a proxy or a state server of a task manager does. */
public enum ServiceState {
    /** Made, and about to be started by Flink. */
    NOT_STARTED,
    /** Takes connections. */
    LISTENING,
    /** Could not be made or started; jobs run without it. */
    FAILED,
    /** Stopped with its task manager. */
    STOPPED
}
