package io.queryablestate.flink;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.GenericArraySerializer;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.api.common.typeutils.base.MapSerializer;
import org.apache.flink.api.java.typeutils.runtime.EitherSerializer;
import org.apache.flink.api.java.typeutils.runtime.NullableSerializer;
import org.apache.flink.api.java.typeutils.runtime.PojoSerializer;
import org.apache.flink.api.java.typeutils.runtime.RowSerializer;
import org.apache.flink.api.java.typeutils.runtime.TupleSerializer;

/**
 * The layouts of Flink's own serializers, which are the same in Flink 1.20 to 2.3. A serializer is known by its exact
 * class; one that is not listed here, among them Kryo and everything that a job brings itself, has no layout.
 */
final class KeyLayouts {

    /** From Flink 2.0 on, so the class must not be named where Flink 1.20 would look for it. */
    private static final String SET_SERIALIZER = "org.apache.flink.api.common.typeutils.base.SetSerializer";

    private KeyLayouts() {}

    /**
     * The layout of a serializer and of all that are in it.
     *
     * @throws UncheckedKeyException if one of them is not known
     */
    static KeyLayout of(TypeSerializer<?> serializer) throws UncheckedKeyException {
        KeyLayout simple = SimpleLayouts.of(serializer);
        return simple == null ? composite(serializer) : simple;
    }

    private static KeyLayout composite(TypeSerializer<?> serializer) throws UncheckedKeyException {
        Class<?> type = serializer.getClass();
        if (type == TupleSerializer.class) {
            return KeyLayout.sequence(all(((TupleSerializer<?>) serializer).getFieldSerializers()));
        }
        if (type == PojoSerializer.class) {
            return ObjectLayouts.pojo(fields(serializer));
        }
        if (type == RowSerializer.class) {
            return ObjectLayouts.row((boolean) read(serializer, "supportsRowKind"), fields(serializer));
        }
        if (type == EitherSerializer.class) {
            EitherSerializer<?, ?> either = (EitherSerializer<?, ?>) serializer;
            return ObjectLayouts.either(of(either.getLeftSerializer()), of(either.getRightSerializer()));
        }
        if (type == NullableSerializer.class) {
            int padding = ((byte[]) read(serializer, "padding")).length;
            return ObjectLayouts.either(KeyLayout.fixed(padding), nested(serializer, "originalSerializer"));
        }
        if (type == ListSerializer.class) {
            return KeyLayout.repeated(of(((ListSerializer<?>) serializer).getElementSerializer()));
        }
        if (type == MapSerializer.class) {
            MapSerializer<?, ?> map = (MapSerializer<?, ?>) serializer;
            KeyLayout value = KeyLayout.optional(false, of(map.getValueSerializer()));
            return KeyLayout.repeated(KeyLayout.sequence(List.of(of(map.getKeySerializer()), value)));
        }
        if (type == GenericArraySerializer.class) {
            TypeSerializer<?> component = ((GenericArraySerializer<?>) serializer).getComponentSerializer();
            return KeyLayout.repeated(KeyLayout.optional(true, of(component)));
        }
        if (type.getName().equals(SET_SERIALIZER)) {
            return KeyLayout.repeated(KeyLayout.optional(false, nested(serializer, "elementSerializer")));
        }
        throw new UncheckedKeyException(serializer);
    }

    private static List<KeyLayout> fields(TypeSerializer<?> serializer) throws UncheckedKeyException {
        return all((TypeSerializer<?>[]) read(serializer, "fieldSerializers"));
    }

    private static KeyLayout nested(TypeSerializer<?> serializer, String field) throws UncheckedKeyException {
        return of((TypeSerializer<?>) read(serializer, field));
    }

    private static List<KeyLayout> all(TypeSerializer<?>[] serializers) throws UncheckedKeyException {
        List<KeyLayout> layouts = new ArrayList<>(serializers.length);
        for (TypeSerializer<?> serializer : serializers) {
            layouts.add(of(serializer));
        }
        return layouts;
    }

    /** What a serializer has no method for. One that has changed is one that is not known. */
    private static Object read(TypeSerializer<?> serializer, String name) throws UncheckedKeyException {
        try {
            Field field = serializer.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field.get(serializer);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new UncheckedKeyException(serializer);
        }
    }
}
