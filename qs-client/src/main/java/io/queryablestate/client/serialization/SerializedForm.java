package io.queryablestate.client.serialization;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.QueryableStateException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.function.Supplier;

/** Whole byte arrays in and out; the one place where a failing serializer becomes a {@code SERIALIZER_MISMATCH}. */
final class SerializedForm {

    interface Encoding {
        void write(DataOutput out) throws IOException;
    }

    interface Decoding<R> {
        R read(BytesInput in) throws IOException;
    }

    private SerializedForm() {}

    static byte[] write(Supplier<String> what, Encoding encoding) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            encoding.write(new DataOutputStream(bytes));
        } catch (IOException | RuntimeException e) {
            throw mismatch("cannot write " + what.get() + ": " + reason(e), e);
        }
        return bytes.toByteArray();
    }

    /** Reads {@code bytes} to their end. */
    static <R> R read(byte[] bytes, String what, Decoding<R> decoding) {
        BytesInput in = new BytesInput(bytes);
        R result;
        try {
            result = decoding.read(in);
            if (in.remaining() > 0) {
                throw new IOException(in.remaining() + " bytes are left behind it");
            }
        } catch (IOException | RuntimeException e) {
            throw mismatch(bytes.length + " bytes are not " + what + ": " + reason(e), e);
        }
        return result;
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.getClass().getName() : e.getMessage();
    }

    private static QueryableStateException mismatch(String text, Exception cause) {
        return new QueryableStateException(ErrorCode.SERIALIZER_MISMATCH, text, cause);
    }
}
