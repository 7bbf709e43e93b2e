package io.queryablestate.client.serialization;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Five values, in the place of Flink's {@code Tuple5}; immutable if they are.
 *
 * @param f0 field 0, as Flink names it
 * @param f1 field 1, as Flink names it
 * @param f2 field 2, as Flink names it
 * @param f3 field 3, as Flink names it
 * @param f4 field 4, as Flink names it
 * @param <A> the type of field 0
 * @param <B> the type of field 1
 * @param <C> the type of field 2
 * @param <D> the type of field 3
 * @param <E> the type of field 4
 */
public record Tuple5<A, B, C, D, E>(
        @Nullable A f0,
        @Nullable B f1,
        @Nullable C f2,
        @Nullable D f3,
        @Nullable E f4) {

    /** The hash that Flink's {@code Tuple5} has. */
    @Override
    public int hashCode() {
        int hash = Objects.hashCode(f0);
        hash = 31 * hash + Objects.hashCode(f1);
        hash = 31 * hash + Objects.hashCode(f2);
        hash = 31 * hash + Objects.hashCode(f3);
        return 31 * hash + Objects.hashCode(f4);
    }
}
