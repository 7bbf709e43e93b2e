package io.queryablestate.benchmarks;

import java.io.IOException;

/** A process could not do what it was told; it takes further commands. */
final class CommandFailedException extends IOException {

    private static final long serialVersionUID = 1;

    CommandFailedException(String message) {
        super(message);
    }
}
