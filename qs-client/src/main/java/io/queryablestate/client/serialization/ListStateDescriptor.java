package io.queryablestate.client.serialization;

import io.queryablestate.messages.StateKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads list state.
 *
 * @param <T> the type of the elements
 * @see StateDescriptor#list
 */
public final class ListStateDescriptor<T> implements StateDescriptor<List<T>> {

    /** A comma: what RocksDB's merge operator puts between the elements that a job adds. */
    private static final int SEPARATOR = 44;

    private final Serializer<T> element;

    ListStateDescriptor(Serializer<T> element) {
        this.element = element;
    }

    @Override
    public StateKind kind() {
        return StateKind.LIST;
    }

    @Override
    public String valueTypeName() {
        return element.typeName();
    }

    @Override
    public List<T> deserialize(byte[] valueBytes) {
        return SerializedForm.read(valueBytes, "list state of " + element.typeName(), in -> {
            List<@Nullable T> list = new ArrayList<>();
            while (in.remaining() > 0) {
                if (!list.isEmpty()) {
                    BoundedReads.readMarker(in, SEPARATOR, "the byte between two elements");
                }
                list.add(element.deserialize(in));
            }
            return Collections.unmodifiableList(list);
        });
    }

    /**
     * The bytes of a state that holds {@code list}.
     *
     * @throws io.queryablestate.messages.QueryableStateException {@code SERIALIZER_MISMATCH} if the serializer fails
     */
    public byte[] serialize(List<T> list) {
        return SerializedForm.write(() -> "list state of " + element.typeName(), out -> {
            Iterator<T> elements = list.iterator();
            while (elements.hasNext()) {
                element.serialize(elements.next(), out);
                if (elements.hasNext()) {
                    out.writeByte(SEPARATOR);
                }
            }
        });
    }
}
