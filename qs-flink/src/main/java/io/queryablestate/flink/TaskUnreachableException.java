package io.queryablestate.flink;

/** The task that owns a state cannot be asked to read it; the message says what to do about that. */
final class TaskUnreachableException extends Exception {

    private static final long serialVersionUID = 1L;

    TaskUnreachableException(String reason) {
        super(reason);
    }

    TaskUnreachableException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
