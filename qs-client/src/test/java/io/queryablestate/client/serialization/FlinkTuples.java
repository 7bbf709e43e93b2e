package io.queryablestate.client.serialization;

import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.tuple.Tuple;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.api.java.tuple.Tuple5;
import org.apache.flink.api.java.typeutils.runtime.TupleSerializer;

/** Flink's tuple serializers, with the types that their constructor loses. */
final class FlinkTuples {

    private FlinkTuples() {}

    @SuppressWarnings("unchecked")
    static <A, B> TupleSerializer<Tuple2<A, B>> serializer2(TypeSerializer<A> f0, TypeSerializer<B> f1) {
        return of((Class<Tuple2<A, B>>) (Class<?>) Tuple2.class, f0, f1);
    }

    @SuppressWarnings("unchecked")
    static <A, B, C> TupleSerializer<Tuple3<A, B, C>> serializer3(
            TypeSerializer<A> f0, TypeSerializer<B> f1, TypeSerializer<C> f2) {
        return of((Class<Tuple3<A, B, C>>) (Class<?>) Tuple3.class, f0, f1, f2);
    }

    @SuppressWarnings("unchecked")
    static <A, B, C, D> TupleSerializer<Tuple4<A, B, C, D>> serializer4(
            TypeSerializer<A> f0, TypeSerializer<B> f1, TypeSerializer<C> f2, TypeSerializer<D> f3) {
        return of((Class<Tuple4<A, B, C, D>>) (Class<?>) Tuple4.class, f0, f1, f2, f3);
    }

    @SuppressWarnings("unchecked")
    static <A, B, C, D, E> TupleSerializer<Tuple5<A, B, C, D, E>> serializer5(
            TypeSerializer<A> f0,
            TypeSerializer<B> f1,
            TypeSerializer<C> f2,
            TypeSerializer<D> f3,
            TypeSerializer<E> f4) {
        return of((Class<Tuple5<A, B, C, D, E>>) (Class<?>) Tuple5.class, f0, f1, f2, f3, f4);
    }

    private static <T extends Tuple> TupleSerializer<T> of(Class<T> type, TypeSerializer<?>... fields) {
        return new TupleSerializer<>(type, fields);
    }
}
