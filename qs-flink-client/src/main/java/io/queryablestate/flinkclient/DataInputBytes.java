package io.queryablestate.flinkclient;

import java.io.DataInput;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of an input that is no stream, one by one, since only a stream can say that fewer are left than asked for. */
final class DataInputBytes extends InputStream {

    private final DataInput in;

    DataInputBytes(DataInput in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        try {
            return in.readUnsignedByte();
        } catch (EOFException e) {
            return -1;
        }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        for (int count = 0; count < length; count++) {
            int next = read();
            if (next < 0) {
                return count == 0 ? -1 : count;
            }
            target[offset + count] = (byte) next;
        }
        return length;
    }
}
