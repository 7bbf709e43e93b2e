package io.queryablestate.gates;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The value that gates read: it says what it is, so that every answer can be checked by itself.
 *
 * <pre>
 *   | key int64 | incarnation int64 | version int64 | padding | CRC-32 of all before int64 |
 * </pre>
 *
 * @param key whose value it is
 * @param incarnation which life of its writer wrote it; grows from one to the next
 * @param version grows within an incarnation
 */
record GateValue(long key, long incarnation, long version) {

    private static final int FIELDS = 3 * Long.BYTES;
    private static final int MIN_BYTES = FIELDS + Long.BYTES;

    /** The value in that many bytes, at least 32. */
    byte[] encode(int bytes) {
        if (bytes < MIN_BYTES) {
            throw new IllegalArgumentException("a value has at least " + MIN_BYTES + " bytes, got " + bytes);
        }
        byte[] encoded = new byte[bytes];
        ByteBuffer buffer = ByteBuffer.wrap(encoded);
        buffer.putLong(key).putLong(incarnation).putLong(version);
        buffer.putLong(bytes - Long.BYTES, checksum(encoded));
        return encoded;
    }

    /** The value; empty if it is torn, cut or changed. */
    static Optional<GateValue> decode(byte[] encoded) {
        if (encoded.length < MIN_BYTES) {
            return Optional.empty();
        }
        ByteBuffer buffer = ByteBuffer.wrap(encoded);
        if (buffer.getLong(encoded.length - Long.BYTES) != checksum(encoded)) {
            return Optional.empty();
        }
        return Optional.of(new GateValue(buffer.getLong(), buffer.getLong(), buffer.getLong()));
    }

    private static long checksum(byte[] encoded) {
        CRC32 checksum = new CRC32();
        checksum.update(encoded, 0, encoded.length - Long.BYTES);
        return checksum.getValue();
    }
}
