package io.queryablestate.client.serialization;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes values of one type as bytes and reads them back. This is where a type of your own is plugged in; its bytes must
 * be those that the job's {@code TypeSerializer} writes.
 *
 * <p>Two functions are enough for most types. An enum, which Flink writes as its ordinal:
 *
 * <pre>{@code
 * Serializer<Color> color = Serializers.custom(
 *         "color", (value, out) -> out.writeInt(value.ordinal()), in -> Color.values()[in.readInt()]);
 * }</pre>
 *
 * A type made of others delegates to their serializers, here an id and a length-prefixed payload:
 *
 * <pre>{@code
 * final class EventSerializer implements Serializer<Event> {
 *     public void serialize(@Nullable Event event, DataOutput out) throws IOException {
 *         Serializers.STRING.serialize(event.id(), out);
 *         Serializers.BYTES.serialize(event.payload(), out);
 *     }
 *
 *     public Event deserialize(DataInput in) throws IOException {
 *         return new Event(Serializers.STRING.deserialize(in), Serializers.BYTES.deserialize(in));
 *     }
 *
 *     public String typeName() {
 *         return "event";
 *     }
 * }
 * }</pre>
 *
 * What an implementation must hold to:
 *
 * <ul>
 *   <li>It keeps no state: one instance is used by many threads at the same time.
 *   <li>It reads exactly the bytes that it wrote, at least one, and does not look beyond them. It cannot rely on the end
 *       of the input, because other values may follow.
 *   <li>It does not trust a length that it reads. {@link Serializers#BYTES}, {@link Serializers#STRING},
 *       {@link Serializers#list} and {@link Serializers#map} compare lengths with what is left before they allocate;
 *       build on them rather than on {@code new byte[in.readInt()]}.
 *   <li>It fails by an exception, of any type, when bytes or values do not fit. The caller of the library gets it as the
 *       cause of a {@code SERIALIZER_MISMATCH}.
 * </ul>
 *
 * <p>Null comes to a serializer as an element of a list, a field of a tuple, or a key of a map; never as a value of a map,
 * which has a flag for it. Flink's serializers of strings, {@code BigInteger}, {@code BigDecimal} and {@code Instant} have
 * bytes for null, so ours do. All others refuse null, as theirs do.
 *
 * @param <T> the type of the values
 * @see KeySerializer
 */
public interface Serializer<T> {

    /**
     * Writes a value.
     *
     * @throws IOException if this value cannot be written; runtime exceptions count as the same
     */
    void serialize(@Nullable T value, DataOutput out) throws IOException;

    /**
     * Reads one value.
     *
     * @return the value; null only if the bytes say null
     * @throws IOException if the bytes do not fit; runtime exceptions count as the same
     */
    @Nullable
    T deserialize(DataInput in) throws IOException;

    /**
     * The name of the type in catalogues and error texts, such as {@code long}, {@code list<string>} or
     * {@code map<string,long>}. Serializers of the same name write the same bytes.
     */
    String typeName();

    /**
     * Writes values that are not null.
     *
     * @param <T> the type of the values
     */
    @FunctionalInterface
    interface Writer<T> {
        /** As {@link Serializer#serialize}. */
        void write(T value, DataOutput out) throws IOException;
    }

    /**
     * Reads values that are not null.
     *
     * @param <T> the type of the values
     */
    @FunctionalInterface
    interface Reader<T> {
        /** As {@link Serializer#deserialize}. */
        T read(DataInput in) throws IOException;
    }
}
