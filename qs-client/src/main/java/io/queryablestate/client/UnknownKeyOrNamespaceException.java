package io.queryablestate.client;

/**
 * The state has no value for the key and namespace. Only {@link QueryableStateClient#getKvState} reports an absent key
 * this way, for programs that were written for Flink's client; everything else returns an empty {@code Optional}.
 */
public final class UnknownKeyOrNamespaceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnknownKeyOrNamespaceException(String stateName) {
        super("state \"" + stateName + "\" has no value for the key and namespace", null, false, false);
    }
}
