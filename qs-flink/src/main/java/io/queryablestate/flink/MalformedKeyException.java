package io.queryablestate.flink;

/** The bytes of a peer are not what a state's serializers would write. Has no stack trace, since peers make them. */
final class MalformedKeyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MalformedKeyException(String message) {
        super(message, null, false, false);
    }
}
