package io.queryablestate.client.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.QueryableStateException;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Asserts that bytes or values are refused, and how. */
final class MismatchAssert {

    private MismatchAssert() {}

    /** Asserts that {@code call} fails as a serializer mismatch; what is returned asserts on its text. */
    static AbstractStringAssert<?> assertMismatch(ThrowingCallable call) {
        QueryableStateException error = catchThrowableOfType(QueryableStateException.class, call);
        assertThat(error).isNotNull();
        assertThat(error.code()).isEqualTo(ErrorCode.SERIALIZER_MISMATCH);
        return assertThat(error.text());
    }
}
