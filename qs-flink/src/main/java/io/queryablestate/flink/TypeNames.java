package io.queryablestate.flink;

import io.queryablestate.messages.StateKind;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.BigDecSerializer;
import org.apache.flink.api.common.typeutils.base.BigIntSerializer;
import org.apache.flink.api.common.typeutils.base.BooleanSerializer;
import org.apache.flink.api.common.typeutils.base.ByteSerializer;
import org.apache.flink.api.common.typeutils.base.DoubleSerializer;
import org.apache.flink.api.common.typeutils.base.FloatSerializer;
import org.apache.flink.api.common.typeutils.base.InstantSerializer;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.MapSerializer;
import org.apache.flink.api.common.typeutils.base.ShortSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.common.typeutils.base.VoidSerializer;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.api.java.typeutils.runtime.TupleSerializer;

/**
 * The names by which the catalogue tells clients what a serializer's bytes are. Where the client library has a serializer of
 * the same bytes it is that one's type name, so that a state can be read without saying its types again; otherwise it is the
 * simple name of Flink's class.
 */
final class TypeNames {

    private static final Map<Class<?>, String> SIMPLE = Map.ofEntries(
            Map.entry(StringSerializer.class, "string"),
            Map.entry(BooleanSerializer.class, "boolean"),
            Map.entry(ByteSerializer.class, "byte"),
            Map.entry(ShortSerializer.class, "short"),
            Map.entry(IntSerializer.class, "int"),
            Map.entry(LongSerializer.class, "long"),
            Map.entry(FloatSerializer.class, "float"),
            Map.entry(DoubleSerializer.class, "double"),
            Map.entry(BigIntSerializer.class, "biginteger"),
            Map.entry(BigDecSerializer.class, "bigdecimal"),
            Map.entry(InstantSerializer.class, "instant"),
            Map.entry(BytePrimitiveArraySerializer.class, "bytes"),
            Map.entry(VoidSerializer.class, "void"));

    private TypeNames() {}

    static String of(TypeSerializer<?> serializer) {
        Class<?> type = serializer.getClass();
        if (type == ListSerializer.class) {
            return generic("list", ((ListSerializer<?>) serializer).getElementSerializer());
        }
        if (type == MapSerializer.class) {
            MapSerializer<?, ?> map = (MapSerializer<?, ?>) serializer;
            return generic("map", map.getKeySerializer(), map.getValueSerializer());
        }
        if (type == TupleSerializer.class) {
            TypeSerializer<?>[] fields = ((TupleSerializer<?>) serializer).getFieldSerializers();
            return generic("tuple" + fields.length, fields);
        }
        String name = SIMPLE.get(type);
        return name == null ? type.getSimpleName() : name;
    }

    /** That of a state's value. Of a list state it is that of an element, as everywhere in the catalogue. */
    static String ofValue(StateKind kind, TypeSerializer<?> serializer) {
        return kind == StateKind.LIST && serializer instanceof ListSerializer<?> list
                ? of(list.getElementSerializer())
                : of(serializer);
    }

    private static String generic(String name, TypeSerializer<?>... arguments) {
        return Stream.of(arguments).map(TypeNames::of).collect(Collectors.joining(",", name + "<", ">"));
    }
}
