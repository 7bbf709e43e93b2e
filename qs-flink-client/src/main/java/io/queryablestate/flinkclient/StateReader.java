package io.queryablestate.flinkclient;

import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.QueryableStateException;
import java.util.function.Function;
import org.apache.flink.api.common.state.AggregatingStateDescriptor;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReducingStateDescriptor;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.ValueStateDescriptor;

/**
 * How an answer becomes a state in the sense of Flink's interfaces.
 *
 * @param descriptor reads the bytes
 * @param view shows what was read as a state
 */
record StateReader<R, S>(StateDescriptor<R> descriptor, Function<R, S> view) {

    /**
     * The reader for a state of Flink's.
     *
     * @throws QueryableStateException {@code BAD_REQUEST} if the state is of none of the five kinds
     */
    @SuppressWarnings("unchecked") // S is what the descriptor's class says, which the compiler cannot follow.
    static <S extends State> StateReader<?, S> of(
            FlinkTypes types, org.apache.flink.api.common.state.StateDescriptor<S, ?> state) {
        return (StateReader<?, S>) readerOf(types, state);
    }

    private static StateReader<?, ? extends State> readerOf(
            FlinkTypes types, org.apache.flink.api.common.state.StateDescriptor<?, ?> state) {
        if (state instanceof ValueStateDescriptor<?> value) {
            return value(types, value);
        } else if (state instanceof ListStateDescriptor<?> list) {
            return list(types, list);
        } else if (state instanceof MapStateDescriptor<?, ?> map) {
            return map(types, map);
        } else if (state instanceof ReducingStateDescriptor<?> reducing) {
            return reducing(types, reducing);
        } else if (state instanceof AggregatingStateDescriptor<?, ?, ?> aggregating) {
            return aggregating(types, aggregating);
        }
        throw new QueryableStateException(
                ErrorCode.BAD_REQUEST, "a state of kind " + state.getType() + " cannot be queried");
    }

    private static <T> StateReader<T, ? extends State> value(FlinkTypes types, ValueStateDescriptor<T> state) {
        return new StateReader<>(types.state(state), ImmutableValueState::new);
    }

    private static <T> StateReader<?, ? extends State> list(FlinkTypes types, ListStateDescriptor<T> state) {
        return new StateReader<>(types.state(state), ImmutableListState::new);
    }

    private static <K, V> StateReader<?, ? extends State> map(FlinkTypes types, MapStateDescriptor<K, V> state) {
        return new StateReader<>(types.state(state), ImmutableMapState::new);
    }

    private static <T> StateReader<?, ? extends State> reducing(FlinkTypes types, ReducingStateDescriptor<T> state) {
        return new StateReader<>(types.state(state), ImmutableReducingState::new);
    }

    private static <I, A, R> StateReader<?, ? extends State> aggregating(
            FlinkTypes types, AggregatingStateDescriptor<I, A, R> state) {
        return new StateReader<R, ImmutableAggregatingState<I, R>>(types.state(state), ImmutableAggregatingState::new);
    }
}
