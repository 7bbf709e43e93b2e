package io.queryablestate.client.serialization;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.StateKind;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads aggregating state.
 *
 * @param <A> the type of the accumulator
 * @param <R> the type of the result
 * @see StateDescriptor#aggregating
 */
public final class AggregatingStateDescriptor<A, R> implements StateDescriptor<R> {

    private final Serializer<A> accumulator;
    private final Function<A, R> getResult;

    AggregatingStateDescriptor(Serializer<A> accumulator, Function<A, R> getResult) {
        this.accumulator = accumulator;
        this.getResult = getResult;
    }

    @Override
    public StateKind kind() {
        return StateKind.AGGREGATING;
    }

    @Override
    public String valueTypeName() {
        return accumulator.typeName();
    }

    @Override
    public @Nullable R deserialize(byte[] valueBytes) {
        A value = deserializeAccumulator(valueBytes);
        if (value == null) {
            return null;
        }
        try {
            return getResult.apply(value);
        } catch (RuntimeException e) {
            throw new QueryableStateException(
                    ErrorCode.STATE_FAILED, "getResult failed for an accumulator of type " + valueTypeName(), e);
        }
    }

    /**
     * Reads what the state holds, which the job's function has not been applied to.
     *
     * @throws QueryableStateException {@code SERIALIZER_MISMATCH} if the bytes do not fit
     */
    public @Nullable A deserializeAccumulator(byte[] valueBytes) {
        return Serializers.deserialize(accumulator, valueBytes);
    }

    /**
     * The bytes of a state that holds this accumulator.
     *
     * @throws QueryableStateException {@code SERIALIZER_MISMATCH} if the serializer fails
     */
    public byte[] serialize(A value) {
        return Serializers.serialize(accumulator, value);
    }
}
