package io.queryablestate.client.serialization;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Three values, in the place of Flink's {@code Tuple3}; immutable if they are.
 *
 * @param f0 field 0, as Flink names it
 * @param f1 field 1, as Flink names it
 * @param f2 field 2, as Flink names it
 * @param <A> the type of field 0
 * @param <B> the type of field 1
 * @param <C> the type of field 2
 */
public record Tuple3<A, B, C>(
        @Nullable A f0, @Nullable B f1, @Nullable C f2) {

    /** The hash that Flink's {@code Tuple3} has. */
    @Override
    public int hashCode() {
        int hash = Objects.hashCode(f0);
        hash = 31 * hash + Objects.hashCode(f1);
        return 31 * hash + Objects.hashCode(f2);
    }
}
