package io.queryablestate.flink;

/** A lookup that failed typed. */
public final class LookupException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String code;

    /** A failure with the name of its error code. */
    public LookupException(String code, String text) {
        super(code + ": " + text);
        this.code = code;
    }

    /** The name of the error code. */
    public String code() {
        return code;
    }
}
