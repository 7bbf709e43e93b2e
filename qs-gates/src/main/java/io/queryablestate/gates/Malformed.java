package io.queryablestate.gates;

import io.queryablestate.messages.Frames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Frames that are not right, made from frames that are. */
final class Malformed {

    private static final int LIMIT = 1024 * 1024;

    private Malformed() {}

    /** Frames of every class of fault: cut at each byte, each header bit flipped, each word a length that is none. */
    static List<byte[]> corpus() {
        List<byte[]> frames = new ArrayList<>();
        for (byte[] sound : Requests.frames()) {
            for (int bytes = 0; bytes < sound.length; bytes++) {
                frames.add(cut(sound, bytes));
            }
            for (int bit = 0; bit < Frames.BODY_OFFSET * Byte.SIZE && bit < sound.length * Byte.SIZE; bit++) {
                frames.add(flipped(sound, bit));
            }
            for (int offset = 0; offset + Integer.BYTES <= sound.length; offset += 2) {
                for (int length : new int[] {-1, 0, 1, LIMIT, LIMIT + 1, Integer.MAX_VALUE, sound.length + 1}) {
                    byte[] lying = sound.clone();
                    ByteBuffer.wrap(lying).putInt(offset, length);
                    frames.add(lying);
                }
            }
            byte[] junk = Arrays.copyOf(sound, sound.length + 5);
            ByteBuffer.wrap(junk).putInt(0, junk.length - Integer.BYTES);
            frames.add(junk);
        }
        frames.add("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frames.add(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3});
        frames.add(RawPeer.bytes(out -> out.writeInt(Integer.MAX_VALUE).writeZero(36)));
        return frames;
    }

    /** A frame of chance: garbage behind a header of either version, or a sound frame with garbage in it. */
    static byte[] random(Random random) {
        List<byte[]> sound = Requests.frames();
        byte[] frame = sound.get(random.nextInt(sound.size())).clone();
        int changes = 1 + random.nextInt(8);
        for (int i = 0; i < changes; i++) {
            frame[random.nextInt(frame.length)] = (byte) random.nextInt();
        }
        return frame;
    }

    /** The first bytes of a frame, with a length word that fits them where there is one. */
    private static byte[] cut(byte[] sound, int bytes) {
        byte[] cut = Arrays.copyOf(sound, bytes);
        if (bytes >= Integer.BYTES) {
            ByteBuffer.wrap(cut).putInt(0, bytes - Integer.BYTES);
        }
        return cut;
    }

    private static byte[] flipped(byte[] sound, int bit) {
        byte[] flipped = sound.clone();
        flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
        return flipped;
    }
}
