package io.queryablestate.flinkclient;

import java.util.List;
import org.apache.flink.api.common.state.ListState;

/**
 * The answer for a list state.
 *
 * @param get the elements, unmodifiable
 */
record ImmutableListState<T>(List<T> get) implements ListState<T> {

    @Override
    public void add(T value) {
        throw Immutable.refused();
    }

    @Override
    public void addAll(List<T> values) {
        throw Immutable.refused();
    }

    @Override
    public void update(List<T> values) {
        throw Immutable.refused();
    }

    @Override
    public void clear() {
        throw Immutable.refused();
    }
}
