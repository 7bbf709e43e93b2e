package io.queryablestate.client.serialization;

/**
 * A serializer for a type that can be a key. Besides the bytes, a key has a hash, which decides to which key group it
 * belongs and so which server is asked: a wrong hash finds no value where there is one.
 *
 * <p>The hash must depend on the key's content alone. Arrays and enums hash by their identity, differently in each
 * process, so they can be values but never keys; nor can maps, whose bytes depend on their order.
 *
 * @param <T> the type of the keys
 */
public interface KeySerializer<T> extends Serializer<T> {

    /** What {@code hashCode()} of the key returns inside the job. */
    int keyHashCode(T key);
}
