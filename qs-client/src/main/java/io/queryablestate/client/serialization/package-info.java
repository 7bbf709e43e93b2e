/**
 * Keys, namespaces and values as bytes, exactly as Apache Flink writes them (the same in 1.20 and 2.3).
 *
 * <p>{@link io.queryablestate.client.serialization.Serializers} has the types that exist,
 * {@link io.queryablestate.client.serialization.Serializer} says how to add one, and
 * {@link io.queryablestate.client.serialization.StateDescriptor} says how the answer for one kind of state is read.
 *
 * <p>Reading is stricter than Flink's own client: bytes that Flink could not have written are refused, since they show
 * that the two sides do not mean the same type. Whatever is accepted would be written back as the same bytes; only the
 * bits of a NaN are not kept.
 */
@NullMarked
package io.queryablestate.client.serialization;

import org.jspecify.annotations.NullMarked;
