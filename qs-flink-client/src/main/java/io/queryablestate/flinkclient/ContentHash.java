package io.queryablestate.flinkclient;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.QueryableStateException;
import org.apache.flink.api.java.tuple.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * The hash of a key, where it depends on the key's content. A hash by identity is another one in each process, so it leads
 * to a key group where the key is not, and the answer would be that the key is absent.
 */
final class ContentHash {

    private static final ClassValue<Boolean> HASHES_BY_IDENTITY = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            try {
                return type.isArray()
                        || Enum.class.isAssignableFrom(type)
                        || type.getMethod("hashCode").getDeclaringClass() == Object.class;
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException(e);
            }
        }
    };

    private ContentHash() {}

    /**
     * What {@code hashCode()} returns.
     *
     * @throws QueryableStateException {@code SERIALIZER_MISMATCH} if the key is an array, an enum, an object without a
     *     {@code hashCode} of its own, or a tuple that has one of these in it
     */
    static int of(Object key) {
        check(key);
        return key.hashCode();
    }

    private static void check(@Nullable Object part) {
        if (part instanceof Tuple tuple) {
            for (int i = 0; i < tuple.getArity(); i++) {
                check(tuple.getField(i));
            }
        } else if (part != null && HASHES_BY_IDENTITY.get(part.getClass())) {
            throw new QueryableStateException(
                    ErrorCode.SERIALIZER_MISMATCH,
                    "a " + part.getClass().getSimpleName()
                            + " in a key has another hash in each process; the hash of a key"
                            + " must depend on its content alone");
        }
    }
}
