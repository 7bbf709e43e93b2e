package io.queryablestate.client.serialization;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Flink's {@code BigDecSerializer}: the unscaled value as a {@link BigIntegerSerializer} writes it, then the scale. */
final class BigDecimalSerializer implements KeySerializer<BigDecimal> {

    private final BigIntegerSerializer unscaled = new BigIntegerSerializer();

    @Override
    public void serialize(@Nullable BigDecimal value, DataOutput out) throws IOException {
        if (value == null) {
            unscaled.serialize(null, out);
            return;
        }
        unscaled.serialize(value.unscaledValue(), out);
        out.writeInt(value.scale());
    }

    @Override
    public @Nullable BigDecimal deserialize(DataInput in) throws IOException {
        BigInteger value = unscaled.deserialize(in);
        return value == null ? null : new BigDecimal(value, in.readInt());
    }

    @Override
    public String typeName() {
        return "bigdecimal";
    }

    @Override
    public int keyHashCode(BigDecimal key) {
        return key.hashCode();
    }
}
