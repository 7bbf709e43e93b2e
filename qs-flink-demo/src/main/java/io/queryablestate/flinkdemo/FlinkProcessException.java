package io.queryablestate.flinkdemo;

import java.io.Serial;

/** A process of a Flink cluster has not done what it was started for; the text holds the end of what it has written. */
final class FlinkProcessException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    FlinkProcessException(String message) {
        super(message);
    }
}
