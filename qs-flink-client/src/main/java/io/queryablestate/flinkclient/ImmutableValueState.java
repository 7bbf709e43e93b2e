package io.queryablestate.flinkclient;

import org.apache.flink.api.common.state.ValueState;

/** The answer for a value state. */
record ImmutableValueState<V>(V value) implements ValueState<V> {

    @Override
    public void update(V newValue) {
        throw Immutable.refused();
    }

    @Override
    public void clear() {
        throw Immutable.refused();
    }
}
