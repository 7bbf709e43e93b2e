package io.queryablestate.flinkclient;

import io.queryablestate.client.serialization.KeySerializer;
import io.queryablestate.client.serialization.Serializer;
import io.queryablestate.client.serialization.StateDescriptor;
import java.util.function.Function;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.state.AggregatingStateDescriptor;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReducingStateDescriptor;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Flink's types for the client library: whatever a job has as key or value can be asked for with the job's own
 * descriptors.
 *
 * <pre>{@code
 * FlinkTypes types = FlinkTypes.ofDefaults();
 * QueryableState<String, Reading> last = client.state(
 *         JobName.of("sensors"),
 *         "last",
 *         types.keySerializer(Types.STRING),
 *         types.state(new ValueStateDescriptor<>("last", Reading.class)));
 * }</pre>
 *
 * <p>What it gives is made once and used by many threads; Flink's serializers in it are duplicated as needed. Their bytes
 * are those of the job if both have the same version of Flink's serializers and the same configuration of them. Types that
 * Flink leaves to Kryo differ between Flink 1.20 and 2.x, and depend on what is on the class path (docs/flink.md).
 *
 * <p>Flink's serializers believe the lengths that they read: ask servers that you trust.
 *
 * <p>Immutable. Its methods are for one thread at a time on the same descriptor, since they give a descriptor that has no
 * serializer yet the one that it will keep.
 */
public final class FlinkTypes {

    private final ExecutionConfig config;
    private final @Nullable ClassLoader classLoader;

    private FlinkTypes(ExecutionConfig config, @Nullable ClassLoader classLoader) {
        this.config = config;
        this.classLoader = classLoader;
    }

    /** Types as a job has them that does not configure serialization. */
    public static FlinkTypes ofDefaults() {
        return new FlinkTypes(new ExecutionConfig(), null);
    }

    /** The same with a job's configuration of serializers: registered types, serializers for Kryo. */
    public FlinkTypes withConfig(ExecutionConfig executionConfig) {
        return new FlinkTypes(executionConfig, classLoader);
    }

    /** The same with the class loader in which serializers find the classes of values; the thread's by default. */
    public FlinkTypes withClassLoader(@Nullable ClassLoader userClassLoader) {
        return new FlinkTypes(config, userClassLoader);
    }

    /** Values of a type. */
    public <T> Serializer<T> serializer(TypeInformation<T> type) {
        return new FlinkSerializer<>(type.createSerializer(config.getSerializerConfig()), type.toString(), classLoader);
    }

    /** Values of a type; the caller keeps the serializer. */
    public <T> Serializer<T> serializer(TypeSerializer<T> serializer) {
        return new FlinkSerializer<>(serializer, serializer.getClass().getSimpleName(), classLoader);
    }

    /**
     * Keys of a type. A key whose hash is not that of its content, such as an array, an enum or a tuple with one, fails
     * its request as {@code SERIALIZER_MISMATCH}.
     */
    public <K> KeySerializer<K> keySerializer(TypeInformation<K> type) {
        return new FlinkKeySerializer<>(serializer(type));
    }

    /** Keys of a type, as {@link #keySerializer(TypeInformation)}; the caller keeps the serializer. */
    public <K> KeySerializer<K> keySerializer(TypeSerializer<K> serializer) {
        return new FlinkKeySerializer<>(serializer(serializer));
    }

    /** A state that holds one value. The descriptor's default value is not used: an absent key is absent. */
    public <T> io.queryablestate.client.serialization.ValueStateDescriptor<T> state(
            ValueStateDescriptor<T> descriptor) {
        return StateDescriptor.value(serializer(initialized(descriptor).getSerializer()));
    }

    /** A state that holds one value, to which the job's function adds. */
    public <T> io.queryablestate.client.serialization.ValueStateDescriptor<T> state(
            ReducingStateDescriptor<T> descriptor) {
        return StateDescriptor.reducing(serializer(initialized(descriptor).getSerializer()));
    }

    /** A state that holds a list. */
    public <T> io.queryablestate.client.serialization.ListStateDescriptor<T> state(ListStateDescriptor<T> descriptor) {
        return StateDescriptor.list(serializer(initialized(descriptor).getElementSerializer()));
    }

    /** A state that holds a map. */
    public <K, V> io.queryablestate.client.serialization.MapStateDescriptor<K, V> state(
            MapStateDescriptor<K, V> descriptor) {
        initialized(descriptor);
        return StateDescriptor.map(
                serializer(descriptor.getKeySerializer()), serializer(descriptor.getValueSerializer()));
    }

    /** A state that holds an accumulator, of which the descriptor's function makes the result. */
    public <I, A, R> io.queryablestate.client.serialization.AggregatingStateDescriptor<A, R> state(
            AggregatingStateDescriptor<I, A, R> descriptor) {
        AggregateFunction<I, A, R> function = descriptor.getAggregateFunction();
        Function<A, R> getResult =
                accumulator -> ContextClassLoader.with(classLoader, () -> function.getResult(accumulator));
        return StateDescriptor.aggregating(serializer(initialized(descriptor).getSerializer()), getResult);
    }

    private <D extends org.apache.flink.api.common.state.StateDescriptor<?, ?>> D initialized(D descriptor) {
        descriptor.initializeSerializerUnlessSet(config);
        return descriptor;
    }
}
