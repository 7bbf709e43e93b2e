package io.queryablestate.embedded;

import io.queryablestate.client.serialization.AggregatingStateDescriptor;
import io.queryablestate.client.serialization.ListStateDescriptor;
import io.queryablestate.client.serialization.MapStateDescriptor;
import io.queryablestate.client.serialization.ValueStateDescriptor;
import io.queryablestate.messages.StateKind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a state of some kind holds, and how that becomes the bytes which the client's descriptor of the same kind reads.
 *
 * @param kind for the catalogue
 * @param valueType for the catalogue
 * @param writer value to bytes
 * @param reader bytes to value
 * @param <V> the type of what the state holds
 */
record StateCodec<V>(StateKind kind, String valueType, Writer<V> writer, Reader<V> reader) {

    static <T> StateCodec<T> of(ValueStateDescriptor<T> state) {
        return new StateCodec<>(state.kind(), state.valueTypeName(), state::serialize, state::deserialize);
    }

    static <T> StateCodec<List<T>> of(ListStateDescriptor<T> state) {
        return new StateCodec<>(state.kind(), state.valueTypeName(), state::serialize, state::deserialize);
    }

    static <K, V> StateCodec<Map<K, V>> of(MapStateDescriptor<K, V> state) {
        return new StateCodec<>(state.kind(), state.valueTypeName(), state::serialize, state::deserialize);
    }

    static <A> StateCodec<A> of(AggregatingStateDescriptor<A, ?> state) {
        return new StateCodec<>(state.kind(), state.valueTypeName(), state::serialize, state::deserializeAccumulator);
    }

    byte[] write(V value) {
        return writer.write(value);
    }

    @Nullable
    V read(byte @Nullable [] bytes) {
        return bytes == null ? null : reader.read(bytes);
    }

    @FunctionalInterface
    interface Writer<V> {
        byte[] write(V value);
    }

    @FunctionalInterface
    interface Reader<V> {
        @Nullable
        V read(byte[] bytes);
    }
}
