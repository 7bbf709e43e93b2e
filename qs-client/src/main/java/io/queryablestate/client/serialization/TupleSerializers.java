package io.queryablestate.client.serialization;

import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Flink's {@code TupleSerializer}: the fields one after another. For keys if all of the fields are. */
final class TupleSerializers {

    private TupleSerializers() {}

    static <A, B> Serializer<Tuple2<A, B>> tuple2(Serializer<A> f0, Serializer<B> f1) {
        return tuple(
                List.of(f0, f1),
                (tuple, out) -> {
                    f0.serialize(tuple.f0(), out);
                    f1.serialize(tuple.f1(), out);
                },
                in -> new Tuple2<>(f0.deserialize(in), f1.deserialize(in)),
                tuple -> hash(hash(0, f0, tuple.f0()), f1, tuple.f1()));
    }

    static <A, B, C> Serializer<Tuple3<A, B, C>> tuple3(Serializer<A> f0, Serializer<B> f1, Serializer<C> f2) {
        return tuple(
                List.of(f0, f1, f2),
                (tuple, out) -> {
                    f0.serialize(tuple.f0(), out);
                    f1.serialize(tuple.f1(), out);
                    f2.serialize(tuple.f2(), out);
                },
                in -> new Tuple3<>(f0.deserialize(in), f1.deserialize(in), f2.deserialize(in)),
                tuple -> hash(hash(hash(0, f0, tuple.f0()), f1, tuple.f1()), f2, tuple.f2()));
    }

    static <A, B, C, D> Serializer<Tuple4<A, B, C, D>> tuple4(
            Serializer<A> f0, Serializer<B> f1, Serializer<C> f2, Serializer<D> f3) {
        return tuple(
                List.of(f0, f1, f2, f3),
                (tuple, out) -> {
                    f0.serialize(tuple.f0(), out);
                    f1.serialize(tuple.f1(), out);
                    f2.serialize(tuple.f2(), out);
                    f3.serialize(tuple.f3(), out);
                },
                in -> new Tuple4<>(f0.deserialize(in), f1.deserialize(in), f2.deserialize(in), f3.deserialize(in)),
                tuple -> hash(hash(hash(hash(0, f0, tuple.f0()), f1, tuple.f1()), f2, tuple.f2()), f3, tuple.f3()));
    }

    static <A, B, C, D, E> Serializer<Tuple5<A, B, C, D, E>> tuple5(
            Serializer<A> f0, Serializer<B> f1, Serializer<C> f2, Serializer<D> f3, Serializer<E> f4) {
        return tuple(
                List.of(f0, f1, f2, f3, f4),
                (tuple, out) -> {
                    f0.serialize(tuple.f0(), out);
                    f1.serialize(tuple.f1(), out);
                    f2.serialize(tuple.f2(), out);
                    f3.serialize(tuple.f3(), out);
                    f4.serialize(tuple.f4(), out);
                },
                in -> new Tuple5<>(
                        f0.deserialize(in),
                        f1.deserialize(in),
                        f2.deserialize(in),
                        f3.deserialize(in),
                        f4.deserialize(in)),
                tuple -> hash(
                        hash(hash(hash(hash(0, f0, tuple.f0()), f1, tuple.f1()), f2, tuple.f2()), f3, tuple.f3()),
                        f4,
                        tuple.f4()));
    }

    private static <T> Serializer<T> tuple(
            List<Serializer<?>> fields,
            Serializer.Writer<T> writer,
            Serializer.Reader<T> reader,
            ToIntFunction<T> hash) {
        String typeName = fields.stream()
                .map(Serializer::typeName)
                .collect(Collectors.joining(",", "tuple" + fields.size() + "<", ">"));
        Serializer<T> tuples = new NonNullSerializer<>(typeName, writer, reader);
        boolean isKey = fields.stream().allMatch(KeySerializer.class::isInstance);
        return isKey ? new HashedSerializer<>(tuples, hash) : tuples;
    }

    /** The next step of {@code hashCode()} of Flink's tuples, but with the field's key hash. */
    private static <F> int hash(int hash, Serializer<F> serializer, @Nullable F field) {
        return 31 * hash + (field == null ? 0 : ((KeySerializer<F>) serializer).keyHashCode(field));
    }
}
