package io.queryablestate.client.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stream of the JDK is the model. */
class BytesInputTest {

    @Test
    void shouldGiveWhatIsLeft_whenReadAsAStream() throws IOException {
        InputStream in = new BytesInput(new byte[] {-1, 2, 3, 4});
        byte[] target = new byte[5];

        assertThat(in.read()).isEqualTo(255);
        assertThat(in.available()).isEqualTo(3);
        assertThat(in.read(target, 1, 2)).isEqualTo(2);
        assertThat(in.read(target, 3, 2)).isEqualTo(1);
        assertThat(target).containsExactly(0, 2, 3, 4, 0);
        assertThat(in.read(target, 0, 0)).isZero();
        assertThat(in.read(target, 0, 1)).isEqualTo(-1);
        assertThat(in.read()).isEqualTo(-1);
    }

    @Test
    void shouldReadWhatTheJdkReads_whenGivenTheSameBytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeBoolean(true);
        out.writeByte(-2);
        out.writeByte(-3);
        out.writeShort(-4);
        out.writeShort(-5);
        out.writeChar('\uffee');
        out.writeInt(Integer.MIN_VALUE + 6);
        out.writeLong(Long.MIN_VALUE + 7);
        out.writeFloat(-8.5f);
        out.writeDouble(-9.25);
        out.writeUTF("größer");
        out.write(new byte[] {1, 2, 3, 4, 5});
        assertThat(readAll(new BytesInput(bytes.toByteArray())))
                .isEqualTo(readAll(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))));
    }

    private static List<Object> readAll(DataInput in) throws IOException {
        List<Object> values = new ArrayList<>(List.of(
                in.readBoolean(),
                in.readByte(),
                in.readUnsignedByte(),
                in.readShort(),
                in.readUnsignedShort(),
                in.readChar(),
                in.readInt(),
                in.readLong(),
                in.readFloat(),
                in.readDouble(),
                in.readUTF()));
        byte[] two = new byte[2];
        in.readFully(two);
        values.add(two[0]);
        values.add(two[1]);
        values.add(in.skipBytes(-1));
        values.add(in.skipBytes(2));
        values.add(in.skipBytes(2));
        return values;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "one", "one\n", "one\ntwo", "one\rtwo", "one\r\ntwo\r\n\r\n", "\n\r\n\r", "\r"})
    @SuppressWarnings("deprecation")
    void shouldReadTheLinesOfTheJdk_whenReadByLine(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        BytesInput ours = new BytesInput(bytes);
        DataInputStream jdks = new DataInputStream(new ByteArrayInputStream(bytes));
        String expected;
        do {
            expected = jdks.readLine();
            assertThat(ours.readLine()).isEqualTo(expected);
        } while (expected != null);
    }

    @Test
    void shouldReadNothing_whenTooFewBytesAreLeft() throws EOFException {
        BytesInput in = new BytesInput(new byte[] {0, 9, 1});
        assertThatExceptionOfType(EOFException.class)
                .isThrownBy(in::readInt)
                .withMessage("4 bytes expected, 3 are left");
        assertThatExceptionOfType(EOFException.class)
                .isThrownBy(in::readUTF)
                .withMessage("11 bytes expected, 3 are left");
        assertThat(in.remaining()).isEqualTo(3);
        assertThat(in.readShort()).isEqualTo((short) 9);
    }
}
