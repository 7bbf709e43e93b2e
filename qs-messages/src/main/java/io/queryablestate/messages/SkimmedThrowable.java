package io.queryablestate.messages;

import org.jspecify.annotations.Nullable;

/**
 * What was found in a serialized {@code Throwable}.
 *
 * @param className the name of its class
 * @param message its message, cut; null if it has none or none was found within the bounds
 */
record SkimmedThrowable(String className, @Nullable String message) {

    /** As {@code Throwable} prints itself. */
    @Override
    public String toString() {
        return message == null ? className : className + ": " + message;
    }
}
