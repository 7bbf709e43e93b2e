package io.queryablestate.messages;

import org.jspecify.annotations.Nullable;

/**
 * The one exception of this project: a stable {@link ErrorCode} and a short text. It carries no stack trace unless it
 * has a cause, since it usually reports what happened on another machine.
 */
public final class QueryableStateException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final String text;
    private final boolean isFinal;

    public QueryableStateException(ErrorCode code, String text) {
        this(code, text, false, null);
    }

    public QueryableStateException(ErrorCode code, String text, @Nullable Throwable cause) {
        this(code, text, false, cause);
    }

    private QueryableStateException(ErrorCode code, String text, boolean isFinal, @Nullable Throwable cause) {
        super(code + ": " + text, cause, true, cause != null);
        this.code = code;
        this.text = text;
        this.isFinal = isFinal;
    }

    /** A failure that a peer sent. */
    public static QueryableStateException of(Failure failure) {
        return new QueryableStateException(failure.code(), failure.text(), failure.isFinal(), null);
    }

    /** Why it failed. */
    public ErrorCode code() {
        return code;
    }

    /** Whether somebody on the way has retried and given up, so that retrying again would only multiply attempts. */
    public boolean isFinal() {
        return isFinal;
    }

    /** What went wrong, without the code that {@link #getMessage()} puts before it. */
    public String text() {
        return text;
    }
}
