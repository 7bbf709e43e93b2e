package io.queryablestate.flink;

import org.apache.flink.api.common.typeutils.TypeSerializer;

/** The bytes of a serializer cannot be checked before it reads them; the message names its class. */
final class UncheckedKeyException extends Exception {

    private static final long serialVersionUID = 1L;

    UncheckedKeyException(TypeSerializer<?> serializer) {
        super(serializer.getClass().getName());
    }
}
