package io.queryablestate.client.serialization;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Flink's {@code ListSerializer}: the number of elements, then the elements. */
record ListSerializer<T>(Serializer<T> element) implements Serializer<List<T>> {

    /** The serializer of lists; one for keys if the element's is. */
    static <T> Serializer<List<T>> of(Serializer<T> element) {
        ListSerializer<T> lists = new ListSerializer<>(element);
        return element instanceof KeySerializer<T> key ? new HashedSerializer<>(lists, list -> hash(list, key)) : lists;
    }

    /** As {@link List#hashCode} defines it, but with the elements' key hash. */
    private static <T> int hash(List<T> list, KeySerializer<T> element) {
        int hash = 1;
        for (T value : list) {
            hash = 31 * hash + (value == null ? 0 : element.keyHashCode(value));
        }
        return hash;
    }

    @Override
    public void serialize(@Nullable List<T> value, DataOutput out) throws IOException {
        List<T> list = NonNullSerializer.required(value, typeName());
        out.writeInt(list.size());
        for (T each : list) {
            element.serialize(each, out);
        }
    }

    @Override
    public List<T> deserialize(DataInput in) throws IOException {
        int size = in.readInt();
        BoundedReads.checkSize(in, size, Byte.BYTES, "a list");
        List<@Nullable T> list = new ArrayList<>(BoundedReads.initialCapacity(size));
        for (int i = 0; i < size; i++) {
            list.add(element.deserialize(in));
        }
        return Collections.unmodifiableList(list);
    }

    @Override
    public String typeName() {
        return "list<" + element.typeName() + ">";
    }
}
