package io.queryablestate.flink;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.BigDecSerializer;
import org.apache.flink.api.common.typeutils.base.BigIntSerializer;
import org.apache.flink.api.common.typeutils.base.BooleanSerializer;
import org.apache.flink.api.common.typeutils.base.BooleanValueSerializer;
import org.apache.flink.api.common.typeutils.base.ByteSerializer;
import org.apache.flink.api.common.typeutils.base.ByteValueSerializer;
import org.apache.flink.api.common.typeutils.base.CharSerializer;
import org.apache.flink.api.common.typeutils.base.CharValueSerializer;
import org.apache.flink.api.common.typeutils.base.DateSerializer;
import org.apache.flink.api.common.typeutils.base.DoubleSerializer;
import org.apache.flink.api.common.typeutils.base.DoubleValueSerializer;
import org.apache.flink.api.common.typeutils.base.EnumSerializer;
import org.apache.flink.api.common.typeutils.base.FloatSerializer;
import org.apache.flink.api.common.typeutils.base.FloatValueSerializer;
import org.apache.flink.api.common.typeutils.base.InstantSerializer;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.api.common.typeutils.base.IntValueSerializer;
import org.apache.flink.api.common.typeutils.base.LocalDateSerializer;
import org.apache.flink.api.common.typeutils.base.LocalDateTimeSerializer;
import org.apache.flink.api.common.typeutils.base.LocalTimeSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.LongValueSerializer;
import org.apache.flink.api.common.typeutils.base.ShortSerializer;
import org.apache.flink.api.common.typeutils.base.ShortValueSerializer;
import org.apache.flink.api.common.typeutils.base.SqlDateSerializer;
import org.apache.flink.api.common.typeutils.base.SqlTimeSerializer;
import org.apache.flink.api.common.typeutils.base.SqlTimestampSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.common.typeutils.base.StringValueSerializer;
import org.apache.flink.api.common.typeutils.base.VoidSerializer;
import org.apache.flink.api.common.typeutils.base.array.BooleanPrimitiveArraySerializer;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.api.common.typeutils.base.array.CharPrimitiveArraySerializer;
import org.apache.flink.api.common.typeutils.base.array.DoublePrimitiveArraySerializer;
import org.apache.flink.api.common.typeutils.base.array.FloatPrimitiveArraySerializer;
import org.apache.flink.api.common.typeutils.base.array.IntPrimitiveArraySerializer;
import org.apache.flink.api.common.typeutils.base.array.LongPrimitiveArraySerializer;
import org.apache.flink.api.common.typeutils.base.array.ShortPrimitiveArraySerializer;
import org.apache.flink.api.common.typeutils.base.array.StringArraySerializer;
import org.apache.flink.api.java.typeutils.runtime.Tuple0Serializer;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.windowing.windows.GlobalWindow;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.jspecify.annotations.Nullable;

/** The layouts of Flink's serializers of values that hold no other values. */
final class SimpleLayouts {

    private static final Map<Class<?>, KeyLayout> BY_SERIALIZER = bySerializer();
    /** More than enough for a length; Flink would go on, and lose the bits. */
    private static final int MAX_NUMBER_BYTES = 5;
    /** The first lengths of a big integer stand for null, 0, 1 and 10. */
    private static final int BIG_INTEGER_CONSTANTS = 4;

    private SimpleLayouts() {}

    /** Null if it is not the serializer of a simple value. */
    static @Nullable KeyLayout of(TypeSerializer<?> serializer) {
        return BY_SERIALIZER.get(serializer.getClass());
    }

    /** The number of characters plus one, or 0 for null, and each character; all in as many bytes as they need. */
    private static void string(ByteBuffer bytes) {
        long characters = readNumber(bytes) - 1;
        // Room is made for all of them before the first is read.
        if (characters > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        for (long i = 0; i < characters; i++) {
            skipNumber(bytes);
        }
    }

    /** Seven bits in each byte, the lowest first; the last byte has its sign bit clear. */
    private static long readNumber(ByteBuffer bytes) {
        long number = 0;
        for (int i = 0; i < MAX_NUMBER_BYTES; i++) {
            byte next = bytes.get();
            number |= (long) (next & 0x7f) << (7 * i);
            if (next >= 0) {
                return number;
            }
        }
        throw new MalformedKeyException("a length of too many bytes");
    }

    private static void skipNumber(ByteBuffer bytes) {
        byte next;
        do {
            next = bytes.get();
        } while (next < 0);
    }

    /** Whether it is null. */
    private static boolean bigInteger(ByteBuffer bytes) {
        int length = bytes.getInt();
        if (length < 0) {
            throw new MalformedKeyException("a negative length");
        }
        KeyLayout.skip(bytes, Math.max(0, length - BIG_INTEGER_CONSTANTS));
        return length == 0;
    }

    private static void bigDecimal(ByteBuffer bytes) {
        if (!bigInteger(bytes)) {
            KeyLayout.skip(bytes, Integer.BYTES);
        }
    }

    /** Flink writes nanoseconds after null too, but does not read them. */
    private static void timestamp(ByteBuffer bytes) {
        if (bytes.getLong() != Long.MIN_VALUE) {
            KeyLayout.skip(bytes, Integer.BYTES);
        }
    }

    private static Map<Class<?>, KeyLayout> bySerializer() {
        Map<Class<?>, KeyLayout> layouts = new HashMap<>();
        List<TypeSerializer<?>> withLength = List.of(
                BooleanSerializer.INSTANCE,
                ByteSerializer.INSTANCE,
                ShortSerializer.INSTANCE,
                CharSerializer.INSTANCE,
                IntSerializer.INSTANCE,
                LongSerializer.INSTANCE,
                FloatSerializer.INSTANCE,
                DoubleSerializer.INSTANCE,
                BooleanValueSerializer.INSTANCE,
                ByteValueSerializer.INSTANCE,
                ShortValueSerializer.INSTANCE,
                CharValueSerializer.INSTANCE,
                IntValueSerializer.INSTANCE,
                LongValueSerializer.INSTANCE,
                FloatValueSerializer.INSTANCE,
                DoubleValueSerializer.INSTANCE,
                DateSerializer.INSTANCE,
                SqlDateSerializer.INSTANCE,
                SqlTimeSerializer.INSTANCE,
                LocalDateSerializer.INSTANCE,
                LocalTimeSerializer.INSTANCE,
                LocalDateTimeSerializer.INSTANCE,
                InstantSerializer.INSTANCE,
                VoidSerializer.INSTANCE,
                Tuple0Serializer.INSTANCE,
                new TimeWindow.Serializer(),
                new GlobalWindow.Serializer());
        withLength.forEach(serializer -> layouts.put(serializer.getClass(), KeyLayout.fixed(serializer.getLength())));
        // Says 0 and writes a byte.
        layouts.put(VoidNamespaceSerializer.class, KeyLayout.fixed(1));
        layouts.put(EnumSerializer.class, KeyLayout.fixed(Integer.BYTES));
        layouts.put(SqlTimestampSerializer.class, SimpleLayouts::timestamp);
        layouts.put(StringSerializer.class, SimpleLayouts::string);
        layouts.put(StringValueSerializer.class, SimpleLayouts::string);
        layouts.put(BigIntSerializer.class, SimpleLayouts::bigInteger);
        layouts.put(BigDecSerializer.class, SimpleLayouts::bigDecimal);
        layouts.put(BooleanPrimitiveArraySerializer.class, KeyLayout.array(1));
        layouts.put(BytePrimitiveArraySerializer.class, KeyLayout.array(Byte.BYTES));
        layouts.put(ShortPrimitiveArraySerializer.class, KeyLayout.array(Short.BYTES));
        layouts.put(CharPrimitiveArraySerializer.class, KeyLayout.array(Character.BYTES));
        layouts.put(IntPrimitiveArraySerializer.class, KeyLayout.array(Integer.BYTES));
        layouts.put(LongPrimitiveArraySerializer.class, KeyLayout.array(Long.BYTES));
        layouts.put(FloatPrimitiveArraySerializer.class, KeyLayout.array(Float.BYTES));
        layouts.put(DoublePrimitiveArraySerializer.class, KeyLayout.array(Double.BYTES));
        layouts.put(StringArraySerializer.class, KeyLayout.repeated(SimpleLayouts::string));
        return layouts;
    }
}
