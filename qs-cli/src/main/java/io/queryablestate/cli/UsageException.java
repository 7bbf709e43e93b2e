package io.queryablestate.cli;

/** What the user has typed cannot be meant. The text says what is wrong with it and what is expected. */
final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
