package io.queryablestate.flinkclient;

import org.apache.flink.api.common.state.AggregatingState;

/** The answer for an aggregating state. */
record ImmutableAggregatingState<I, R>(R get) implements AggregatingState<I, R> {

    @Override
    public void add(I value) {
        throw Immutable.refused();
    }

    @Override
    public void clear() {
        throw Immutable.refused();
    }
}
