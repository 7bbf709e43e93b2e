package io.queryablestate.flinkclient;

import org.apache.flink.api.common.state.ReducingState;

/** The answer for a reducing state. */
record ImmutableReducingState<V>(V get) implements ReducingState<V> {

    @Override
    public void add(V value) {
        throw Immutable.refused();
    }

    @Override
    public void clear() {
        throw Immutable.refused();
    }
}
