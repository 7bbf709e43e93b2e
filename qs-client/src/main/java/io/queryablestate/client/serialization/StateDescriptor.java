package io.queryablestate.client.serialization;

import io.queryablestate.messages.StateKind;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the answer for one kind of queryable state is read.
 *
 * <table>
 * <caption>What a state server sends</caption>
 * <tr><th>kind</th><th>bytes</th><th>type name</th><th>result</th></tr>
 * <tr><td>VALUE, REDUCING</td><td>the value</td><td>the value's</td><td>the value</td></tr>
 * <tr><td>LIST</td><td>the elements, one byte 44 between two of them</td><td>the element's</td>
 *     <td>unmodifiable {@code List}</td></tr>
 * <tr><td>MAP</td><td>for each entry the key, one byte that is 1 if the value is null and else 0, and the value unless it
 *     is null</td><td>{@code map<k,v>}</td><td>unmodifiable {@code Map}</td></tr>
 * <tr><td>AGGREGATING</td><td>the accumulator</td><td>the accumulator's</td><td>what the user's function makes of the
 *     accumulator</td></tr>
 * </table>
 *
 * Lists and maps are without a count, so they are not what {@link Serializers#list} and {@link Serializers#map} write.
 * They keep the order of the bytes. Each descriptor also writes these bytes, from what the state holds.
 *
 * <p>Descriptors are immutable and safe for use by many threads.
 *
 * @param <R> the type of the result
 */
public sealed interface StateDescriptor<R>
        permits ValueStateDescriptor, ListStateDescriptor, MapStateDescriptor, AggregatingStateDescriptor {

    /** The kind of state that this reads. */
    StateKind kind();

    /** The type name that stands in the catalogue for a state of this kind and type. */
    String valueTypeName();

    /**
     * Reads an answer, all of {@code valueBytes}.
     *
     * @return the result; null if the bytes say that the state holds null, which the job cannot tell from an empty state
     * @throws io.queryablestate.messages.QueryableStateException {@code SERIALIZER_MISMATCH} if the bytes do not fit;
     *     {@code STATE_FAILED} if the function of an aggregating state fails
     */
    @Nullable
    R deserialize(byte[] valueBytes);

    /** A state that holds one value. */
    static <T> ValueStateDescriptor<T> value(Serializer<T> serializer) {
        return new ValueStateDescriptor<>(StateKind.VALUE, serializer);
    }

    /** A state that holds one value, to which the job's reduce function adds. */
    static <T> ValueStateDescriptor<T> reducing(Serializer<T> serializer) {
        return new ValueStateDescriptor<>(StateKind.REDUCING, serializer);
    }

    /** A state that holds a list. */
    static <T> ListStateDescriptor<T> list(Serializer<T> element) {
        return new ListStateDescriptor<>(element);
    }

    /** A state that holds a map. */
    static <K, V> MapStateDescriptor<K, V> map(Serializer<K> key, Serializer<V> value) {
        return new MapStateDescriptor<>(new MapSerializer<>(key, value));
    }

    /**
     * A state that holds an accumulator.
     *
     * @param getResult {@code getResult} of the job's {@code AggregateFunction}; called on the thread that reads the answer
     */
    static <A, R> AggregatingStateDescriptor<A, R> aggregating(Serializer<A> accumulator, Function<A, R> getResult) {
        return new AggregatingStateDescriptor<>(accumulator, getResult);
    }

    /**
     * The descriptor for what a catalogue says about a state. The result of an aggregating state is its accumulator,
     * since the catalogue does not have the job's function.
     *
     * @param valueTypeName the type name that the table above gives for the kind
     * @throws IllegalArgumentException if {@link Serializers#forTypeName} does not know the type, or a map state's is not
     *     a map
     */
    static StateDescriptor<?> forCatalogue(StateKind kind, String valueTypeName) {
        Serializer<?> serializer = Serializers.forTypeName(valueTypeName);
        return switch (kind) {
            case VALUE -> value(serializer);
            case REDUCING -> reducing(serializer);
            case LIST -> list(serializer);
            case MAP -> {
                if (!(serializer instanceof MapSerializer<?, ?> map)) {
                    throw new IllegalArgumentException("the type of map state is map<k,v>, got " + valueTypeName);
                }
                yield new MapStateDescriptor<>(map);
            }
            case AGGREGATING -> aggregating(serializer, Function.identity());
        };
    }
}
