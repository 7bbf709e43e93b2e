package io.queryablestate.client.serialization;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Flink's {@code BigIntSerializer}: a word, then the bytes of the number. The word is 0 for null, 1 to 3 for the constants
 * zero, one and ten, which have no bytes, and the number of bytes plus four for everything else.
 */
final class BigIntegerSerializer implements KeySerializer<BigInteger> {

    private static final int NULL = 0;
    private static final int ZERO = 1;
    private static final int ONE = 2;
    private static final int TEN = 3;
    private static final int LENGTH_OFFSET = 4;

    @Override
    public void serialize(@Nullable BigInteger value, DataOutput out) throws IOException {
        int constant = constantOf(value);
        if (value == null || constant != NULL) {
            out.writeInt(constant);
            return;
        }
        byte[] bytes = value.toByteArray();
        out.writeInt(bytes.length + LENGTH_OFFSET);
        out.write(bytes);
    }

    /** Flink compares by identity, so an equal number that is another object has the long form there as well. */
    @SuppressWarnings("ReferenceEquality")
    private static int constantOf(@Nullable BigInteger value) {
        if (value == BigInteger.ZERO) {
            return ZERO;
        }
        if (value == BigInteger.ONE) {
            return ONE;
        }
        return value == BigInteger.TEN ? TEN : NULL;
    }

    @Override
    public @Nullable BigInteger deserialize(DataInput in) throws IOException {
        int word = in.readInt();
        return switch (word) {
            case NULL -> null;
            case ZERO -> BigInteger.ZERO;
            case ONE -> BigInteger.ONE;
            case TEN -> BigInteger.TEN;
            default -> readNumber(word, in);
        };
    }

    private static BigInteger readNumber(int word, DataInput in) throws IOException {
        if (word <= LENGTH_OFFSET) {
            throw new IOException("the first word of a biginteger is 0 to 3 or above 4, got " + word);
        }
        int length = word - LENGTH_OFFSET;
        BigInteger value = new BigInteger(BoundedReads.readBytes(in, length, "a biginteger"));
        int needed = value.bitLength() / Byte.SIZE + 1;
        if (needed != length) {
            throw new IOException("a biginteger of " + needed + " bytes in " + length);
        }
        return value;
    }

    @Override
    public String typeName() {
        return "biginteger";
    }

    @Override
    public int keyHashCode(BigInteger key) {
        return key.hashCode();
    }
}
