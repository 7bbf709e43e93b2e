package io.queryablestate.client.serialization;

import io.queryablestate.messages.QueryableStateException;
import java.io.DataInput;
import java.io.DataOutput;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The serializers that exist. Each writes the bytes of the Flink serializer that a job uses for the same type; all are
 * safe for use by many threads.
 */
public final class Serializers {

    private static final Pattern TYPE_NAME = Pattern.compile("[^<>,\\s]+");

    /** Flink's {@code StringSerializer}, which is neither UTF-8 nor {@link DataOutput#writeUTF}. Has bytes for null. */
    public static final KeySerializer<String> STRING = new StringSerializer();

    /** One byte, 0 or 1. */
    public static final KeySerializer<Boolean> BOOLEAN =
            basic("boolean", (value, out) -> out.writeBoolean(value), in -> BoundedReads.readFlag(in, "a boolean"));

    /** One byte. */
    public static final KeySerializer<Byte> BYTE =
            basic("byte", (value, out) -> out.writeByte(value), DataInput::readByte);

    /** Two bytes, the highest first. */
    public static final KeySerializer<Short> SHORT =
            basic("short", (value, out) -> out.writeShort(value), DataInput::readShort);

    /** Four bytes, the highest first. */
    public static final KeySerializer<Integer> INT =
            basic("int", (value, out) -> out.writeInt(value), DataInput::readInt);

    /** Eight bytes, the highest first. */
    public static final KeySerializer<Long> LONG =
            basic("long", (value, out) -> out.writeLong(value), DataInput::readLong);

    /** Four bytes as {@link DataOutput#writeFloat} writes them. */
    public static final KeySerializer<Float> FLOAT =
            basic("float", (value, out) -> out.writeFloat(value), DataInput::readFloat);

    /** Eight bytes as {@link DataOutput#writeDouble} writes them. */
    public static final KeySerializer<Double> DOUBLE =
            basic("double", (value, out) -> out.writeDouble(value), DataInput::readDouble);

    /**
     * Flink's {@code BigIntSerializer}. Has bytes for null.
     *
     * <p>Flink has two forms for 0, 1 and 10: a short one for the constants of {@link BigInteger}, which
     * {@link BigInteger#valueOf} returns as well, and a long one for other objects of the same value. So does this
     * serializer. A state server that finds keys by their bytes (RocksDB) finds such a key only in the form in which the
     * job wrote it.
     */
    public static final KeySerializer<BigInteger> BIG_INTEGER = new BigIntegerSerializer();

    /**
     * Flink's {@code BigDecSerializer}. Has bytes for null. Numbers of different scale, such as 1.0 and 1.00, are
     * different keys; what is said of {@link #BIG_INTEGER} holds for the unscaled value.
     */
    public static final KeySerializer<BigDecimal> BIG_DECIMAL = new BigDecimalSerializer();

    /** Flink's {@code InstantSerializer}: seconds and nanoseconds. Has bytes for null. */
    public static final KeySerializer<Instant> INSTANT = new InstantSerializer();

    /** Flink's {@code BytePrimitiveArraySerializer}: the length, then the bytes. Never a key: arrays hash by identity. */
    public static final Serializer<byte[]> BYTES = new NonNullSerializer<>(
            "bytes",
            (value, out) -> {
                out.writeInt(value.length);
                out.write(value);
            },
            in -> BoundedReads.readBytes(in, in.readInt(), "a byte array"));

    /** Flink's {@code VoidSerializer}: one zero byte. The only value is null. */
    public static final Serializer<Void> VOID = new VoidSerializer();

    /** One zero byte: the namespace of state that is not in a window. */
    public static final Serializer<VoidNamespace> VOID_NAMESPACE =
            new NonNullSerializer<>("voidnamespace", (value, out) -> out.write(0), in -> {
                BoundedReads.readMarker(in, 0, "the byte of a void namespace");
                return VoidNamespace.INSTANCE;
            });

    /** Flink's {@code TimeWindow.Serializer}: the namespace of state in a time window. */
    public static final Serializer<TimeWindow> TIME_WINDOW = new NonNullSerializer<>(
            "timewindow",
            (value, out) -> {
                out.writeLong(value.start());
                out.writeLong(value.end());
            },
            in -> new TimeWindow(in.readLong(), in.readLong()));

    private Serializers() {}

    /**
     * Flink's {@code ListSerializer}: the number of elements, then the elements; for lists <em>within</em> a value. What
     * list state answers has another layout, see {@link StateDescriptor#list}. Lists that are read are unmodifiable;
     * elements are null where their serializer allows it.
     */
    public static <T> Serializer<List<T>> list(Serializer<T> element) {
        return ListSerializer.of(element);
    }

    /** The same for keys; the hash is that of {@link List#hashCode}. */
    public static <T> KeySerializer<List<T>> list(KeySerializer<T> element) {
        return (KeySerializer<List<T>>) ListSerializer.of(element);
    }

    /**
     * Flink's {@code MapSerializer}: the number of entries, then the entries; for maps <em>within</em> a value. What map
     * state answers has another layout, see {@link StateDescriptor#map}. Maps that are read are unmodifiable and keep the
     * order of the bytes; values may be null, keys where their serializer allows it.
     */
    public static <K, V> Serializer<Map<K, V>> map(Serializer<K> key, Serializer<V> value) {
        return new MapSerializer<>(key, value);
    }

    /** The fields one after another, as Flink's {@code TupleSerializer}. A field is null where its serializer allows it. */
    public static <A, B> Serializer<Tuple2<A, B>> tuple2(Serializer<A> f0, Serializer<B> f1) {
        return TupleSerializers.tuple2(f0, f1);
    }

    /** The same for keys; the hash is that of Flink's {@code Tuple2}. */
    public static <A, B> KeySerializer<Tuple2<A, B>> tuple2(KeySerializer<A> f0, KeySerializer<B> f1) {
        return (KeySerializer<Tuple2<A, B>>) TupleSerializers.tuple2(f0, f1);
    }

    /** The fields one after another, as Flink's {@code TupleSerializer}. A field is null where its serializer allows it. */
    public static <A, B, C> Serializer<Tuple3<A, B, C>> tuple3(Serializer<A> f0, Serializer<B> f1, Serializer<C> f2) {
        return TupleSerializers.tuple3(f0, f1, f2);
    }

    /** The same for keys; the hash is that of Flink's {@code Tuple3}. */
    public static <A, B, C> KeySerializer<Tuple3<A, B, C>> tuple3(
            KeySerializer<A> f0, KeySerializer<B> f1, KeySerializer<C> f2) {
        return (KeySerializer<Tuple3<A, B, C>>) TupleSerializers.tuple3(f0, f1, f2);
    }

    /** The fields one after another, as Flink's {@code TupleSerializer}. A field is null where its serializer allows it. */
    public static <A, B, C, D> Serializer<Tuple4<A, B, C, D>> tuple4(
            Serializer<A> f0, Serializer<B> f1, Serializer<C> f2, Serializer<D> f3) {
        return TupleSerializers.tuple4(f0, f1, f2, f3);
    }

    /** The same for keys; the hash is that of Flink's {@code Tuple4}. */
    public static <A, B, C, D> KeySerializer<Tuple4<A, B, C, D>> tuple4(
            KeySerializer<A> f0, KeySerializer<B> f1, KeySerializer<C> f2, KeySerializer<D> f3) {
        return (KeySerializer<Tuple4<A, B, C, D>>) TupleSerializers.tuple4(f0, f1, f2, f3);
    }

    /** The fields one after another, as Flink's {@code TupleSerializer}. A field is null where its serializer allows it. */
    public static <A, B, C, D, E> Serializer<Tuple5<A, B, C, D, E>> tuple5(
            Serializer<A> f0, Serializer<B> f1, Serializer<C> f2, Serializer<D> f3, Serializer<E> f4) {
        return TupleSerializers.tuple5(f0, f1, f2, f3, f4);
    }

    /** The same for keys; the hash is that of Flink's {@code Tuple5}. */
    public static <A, B, C, D, E> KeySerializer<Tuple5<A, B, C, D, E>> tuple5(
            KeySerializer<A> f0, KeySerializer<B> f1, KeySerializer<C> f2, KeySerializer<D> f3, KeySerializer<E> f4) {
        return (KeySerializer<Tuple5<A, B, C, D, E>>) TupleSerializers.tuple5(f0, f1, f2, f3, f4);
    }

    /**
     * A serializer for a type of your own, whose values are never null. See {@link Serializer} for what the two functions
     * must hold to.
     *
     * @param typeName the name of the type, without spaces, commas and angle brackets
     * @throws IllegalArgumentException if the name has one of these or is empty
     */
    public static <T> Serializer<T> custom(String typeName, Serializer.Writer<T> writer, Serializer.Reader<T> reader) {
        return new NonNullSerializer<>(checkedName(typeName), writer, reader);
    }

    /**
     * The same for keys.
     *
     * @param hash what {@code hashCode()} of the key returns inside the job, see {@link KeySerializer}
     */
    public static <T> KeySerializer<T> customKey(
            String typeName, Serializer.Writer<T> writer, Serializer.Reader<T> reader, ToIntFunction<T> hash) {
        return new HashedSerializer<>(custom(typeName, writer, reader), hash);
    }

    /**
     * The serializer whose {@link Serializer#typeName()} is {@code typeName}. Spaces around names are skipped. Custom
     * types are not known here.
     *
     * @throws IllegalArgumentException if there is none, with the names that are known, or if types are nested more than
     *     16 deep
     */
    public static Serializer<?> forTypeName(String typeName) {
        return TypeNames.parse(typeName);
    }

    /**
     * The same for keys.
     *
     * @throws IllegalArgumentException as {@link #forTypeName}, and if values of the type cannot be keys
     */
    public static KeySerializer<?> keySerializerForTypeName(String typeName) {
        Serializer<?> serializer = TypeNames.parse(typeName);
        if (serializer instanceof KeySerializer<?> keySerializer) {
            return keySerializer;
        }
        throw new IllegalArgumentException(serializer.typeName()
                + " can be a value but not a key: a key's hash and bytes depend on nothing but its content");
    }

    /**
     * The bytes of one value.
     *
     * @throws QueryableStateException {@code SERIALIZER_MISMATCH} if the serializer fails
     */
    public static <T> byte[] serialize(Serializer<T> serializer, @Nullable T value) {
        return SerializedForm.write(serializer::typeName, out -> serializer.serialize(value, out));
    }

    /**
     * Reads one value, all of {@code bytes}.
     *
     * @return the value; null only if the bytes say null
     * @throws QueryableStateException {@code SERIALIZER_MISMATCH} if the bytes are not one value of this type
     */
    public static <T> @Nullable T deserialize(Serializer<T> serializer, byte[] bytes) {
        return SerializedForm.read(bytes, serializer.typeName(), in -> Optional.ofNullable(serializer.deserialize(in)))
                .orElse(null);
    }

    private static <T> KeySerializer<T> basic(
            String typeName, Serializer.Writer<T> writer, Serializer.Reader<T> reader) {
        return new HashedSerializer<>(new NonNullSerializer<>(typeName, writer, reader), Object::hashCode);
    }

    private static String checkedName(String typeName) {
        if (!TYPE_NAME.matcher(typeName).matches()) {
            throw new IllegalArgumentException(
                    "a type name has no spaces, commas and angle brackets, got \"" + typeName + "\"");
        }
        return typeName;
    }
}
