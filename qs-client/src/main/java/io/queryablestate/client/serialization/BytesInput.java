package io.queryablestate.client.serialization;

import java.io.DataInput;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads a byte array and knows how much of it is left, which is what lengths are checked against. Used by one thread;
 * takes no lock, unlike the streams of the JDK. A stream as well, for serializers that are written for one.
 */
final class BytesInput extends InputStream implements DataInput {

    private final ByteBuffer bytes;

    BytesInput(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes);
    }

    int remaining() {
        return bytes.remaining();
    }

    /** Reads {@code length} bytes as that many characters if all of them are ASCII; otherwise reads nothing. */
    @Nullable
    String readAscii(int length) {
        int start = bytes.position();
        for (int i = start; i < start + length; i++) {
            if (bytes.get(i) < 0) {
                return null;
            }
        }
        bytes.position(start + length);
        return new String(bytes.array(), start, length, StandardCharsets.ISO_8859_1);
    }

    @Override
    public int read() {
        return bytes.hasRemaining() ? Byte.toUnsignedInt(bytes.get()) : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (!bytes.hasRemaining() && length > 0) {
            return -1;
        }
        int count = Math.min(length, bytes.remaining());
        bytes.get(target, offset, count);
        return count;
    }

    @Override
    public int available() {
        return bytes.remaining();
    }

    @Override
    public void readFully(byte[] target) throws EOFException {
        readFully(target, 0, target.length);
    }

    @Override
    public void readFully(byte[] target, int offset, int length) throws EOFException {
        require(length);
        bytes.get(target, offset, length);
    }

    @Override
    public int skipBytes(int count) {
        int skipped = Math.max(0, Math.min(count, remaining()));
        bytes.position(bytes.position() + skipped);
        return skipped;
    }

    @Override
    public boolean readBoolean() throws EOFException {
        return readByte() != 0;
    }

    @Override
    public byte readByte() throws EOFException {
        require(Byte.BYTES);
        return bytes.get();
    }

    @Override
    public int readUnsignedByte() throws EOFException {
        return Byte.toUnsignedInt(readByte());
    }

    @Override
    public short readShort() throws EOFException {
        require(Short.BYTES);
        return bytes.getShort();
    }

    @Override
    public int readUnsignedShort() throws EOFException {
        return Short.toUnsignedInt(readShort());
    }

    @Override
    public char readChar() throws EOFException {
        require(Character.BYTES);
        return bytes.getChar();
    }

    @Override
    public int readInt() throws EOFException {
        require(Integer.BYTES);
        return bytes.getInt();
    }

    @Override
    public long readLong() throws EOFException {
        require(Long.BYTES);
        return bytes.getLong();
    }

    @Override
    public float readFloat() throws EOFException {
        return Float.intBitsToFloat(readInt());
    }

    @Override
    public double readDouble() throws EOFException {
        return Double.longBitsToDouble(readLong());
    }

    @Override
    public @Nullable String readLine() {
        if (!bytes.hasRemaining()) {
            return null;
        }
        int start = bytes.position();
        int end = start;
        while (end < bytes.limit() && bytes.get(end) != '\n' && bytes.get(end) != '\r') {
            end++;
        }
        bytes.position(end);
        if (bytes.hasRemaining()
                && bytes.get() == '\r'
                && bytes.hasRemaining()
                && bytes.get(bytes.position()) == '\n') {
            bytes.get();
        }
        return new String(bytes.array(), start, end - start, StandardCharsets.ISO_8859_1);
    }

    @Override
    public String readUTF() throws IOException {
        require(Short.BYTES);
        require(Short.BYTES + Short.toUnsignedInt(bytes.getShort(bytes.position())));
        return DataInputStream.readUTF(this);
    }

    private void require(int count) throws EOFException {
        if (count > bytes.remaining()) {
            throw new EOFException(count + " bytes expected, " + bytes.remaining() + " are left");
        }
    }
}
