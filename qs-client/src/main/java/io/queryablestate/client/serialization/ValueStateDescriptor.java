package io.queryablestate.client.serialization;

import io.queryablestate.messages.StateKind;
import org.jspecify.annotations.Nullable;

/**
 * Reads value and reducing state.
 *
 * @param <T> the type of the value
 * @see StateDescriptor#value
 * @see StateDescriptor#reducing
 */
public final class ValueStateDescriptor<T> implements StateDescriptor<T> {

    private final StateKind kind;
    private final Serializer<T> serializer;

    ValueStateDescriptor(StateKind kind, Serializer<T> serializer) {
        this.kind = kind;
        this.serializer = serializer;
    }

    @Override
    public StateKind kind() {
        return kind;
    }

    @Override
    public String valueTypeName() {
        return serializer.typeName();
    }

    @Override
    public @Nullable T deserialize(byte[] valueBytes) {
        return Serializers.deserialize(serializer, valueBytes);
    }

    /**
     * The bytes of a state that holds {@code value}.
     *
     * @throws io.queryablestate.messages.QueryableStateException {@code SERIALIZER_MISMATCH} if the serializer fails
     */
    public byte[] serialize(T value) {
        return Serializers.serialize(serializer, value);
    }
}
