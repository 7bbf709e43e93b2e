package io.queryablestate.client.serialization;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Four values, in the place of Flink's {@code Tuple4}; immutable if they are.
 *
 * @param f0 field 0, as Flink names it
 * @param f1 field 1, as Flink names it
 * @param f2 field 2, as Flink names it
 * @param f3 field 3, as Flink names it
 * @param <A> the type of field 0
 * @param <B> the type of field 1
 * @param <C> the type of field 2
 * @param <D> the type of field 3
 */
public record Tuple4<A, B, C, D>(
        @Nullable A f0,
        @Nullable B f1,
        @Nullable C f2,
        @Nullable D f3) {

    /** The hash that Flink's {@code Tuple4} has. */
    @Override
    public int hashCode() {
        int hash = Objects.hashCode(f0);
        hash = 31 * hash + Objects.hashCode(f1);
        hash = 31 * hash + Objects.hashCode(f2);
        return 31 * hash + Objects.hashCode(f3);
    }
}
