package io.queryablestate.cli;

import io.queryablestate.client.serialization.KeySerializer;
import io.queryablestate.client.serialization.Serializers;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A type of keys that can be written on a command line.
 *
 * @param serializer how a job writes them
 * @param example what one looks like
 * @param reader reads the text; throws an {@link IllegalArgumentException} or {@link DateTimeException} if it is not one
 * @param numbered the key of a number, null if keys of this type are not counted
 * @param <K> the keys
 */
record KeyType<K>(
        KeySerializer<K> serializer,
        String example,
        Function<String, K> reader,
        @Nullable LongFunction<K> numbered) {

    private static final Map<String, KeyType<?>> KNOWN = Stream.of(
                    new KeyType<>(Serializers.STRING, "any text", text -> text, null),
                    new KeyType<>(Serializers.BOOLEAN, "true or false", KeyType::readBoolean, null),
                    new KeyType<>(Serializers.BYTE, "-128 to 127", Byte::valueOf, null),
                    new KeyType<>(Serializers.SHORT, "-32768 to 32767", Short::valueOf, null),
                    new KeyType<>(Serializers.INT, "a 32-bit integer", Integer::valueOf, Math::toIntExact),
                    new KeyType<>(Serializers.LONG, "a 64-bit integer", Long::valueOf, Long::valueOf),
                    new KeyType<>(Serializers.FLOAT, "a number such as 1.5", Float::valueOf, null),
                    new KeyType<>(Serializers.DOUBLE, "a number such as 1.5", Double::valueOf, null),
                    new KeyType<>(Serializers.BIG_INTEGER, "an integer", KeyType::readBigInteger, null),
                    new KeyType<>(Serializers.BIG_DECIMAL, "a number such as 1.50", BigDecimal::new, null),
                    new KeyType<>(Serializers.INSTANT, "a time such as 2025-01-31T12:00:00Z", Instant::parse, null))
            .collect(Collectors.toMap(
                    type -> type.serializer().typeName(), Function.identity(), (a, b) -> a, TreeMap::new));

    /**
     * The type of that name.
     *
     * @throws IllegalArgumentException if there is none, or its keys have no text
     */
    static KeyType<?> of(String typeName) {
        String name = Serializers.keySerializerForTypeName(typeName).typeName();
        KeyType<?> type = KNOWN.get(name);
        if (type == null) {
            throw new IllegalArgumentException("keys of type " + name
                    + " cannot be written on a command line; those that can: " + String.join(", ", KNOWN.keySet()));
        }
        return type;
    }

    /**
     * Reads a key.
     *
     * @throws UsageException if the text is not one
     */
    K parse(String text) {
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new UsageException("the key \"" + TextFormat.escape(text) + "\" is not of type "
                    + serializer.typeName() + ", which is " + example);
        }
    }

    private static Boolean readBoolean(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    /** Zero, one and ten have two forms in Flink; jobs write the one of {@link BigInteger#valueOf}, if anybody does. */
    private static BigInteger readBigInteger(String text) {
        BigInteger number = new BigInteger(text);
        return number.bitLength() < Long.SIZE ? BigInteger.valueOf(number.longValue()) : number;
    }
}
