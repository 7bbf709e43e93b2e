package io.queryablestate.client.serialization;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Two values, in the place of Flink's {@code Tuple2}; immutable if they are.
 *
 * @param f0 field 0, as Flink names it
 * @param f1 field 1, as Flink names it
 * @param <A> the type of field 0
 * @param <B> the type of field 1
 */
public record Tuple2<A, B>(@Nullable A f0, @Nullable B f1) {

    /** The hash that Flink's {@code Tuple2} has. */
    @Override
    public int hashCode() {
        int hash = Objects.hashCode(f0);
        return 31 * hash + Objects.hashCode(f1);
    }
}
