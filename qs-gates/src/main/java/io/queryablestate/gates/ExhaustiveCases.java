package io.queryablestate.gates;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.queryablestate.gates.Requests.Length;
import io.queryablestate.gates.Requests.Request;
import io.queryablestate.messages.Frames;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Every message with one thing wrong, for each thing that can be. */
final class ExhaustiveCases {

    private ExhaustiveCases() {}

    /**
     * A frame with one thing wrong.
     *
     * @param mayBeTaken whether it can still be a request: another one than was meant
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Case(String name, Request of, byte[] frame, boolean mayBeTaken) {

        /** Whether its length words leave the beginning of another frame, so that the server can only wait. */
        boolean isIncomplete() {
            ByteBuffer bytes = ByteBuffer.wrap(frame);
            while (bytes.remaining() >= Integer.BYTES) {
                int announced = bytes.getInt();
                if (announced < Integer.BYTES || announced > Length.OF_FRAME.limit()) {
                    return false;
                }
                if (announced > bytes.remaining()) {
                    return true;
                }
                bytes.position(bytes.position() + announced);
            }
            return bytes.hasRemaining() || frame.length == 0;
        }
    }

    /** Each of them; the first thing wrong is that nothing is there. */
    static List<Case> of(Request request) {
        List<Case> cases = new ArrayList<>();
        cut(request, cases);
        flip(request, cases);
        for (Length length : request.lengths()) {
            lie(request, length, cases);
        }
        return cases;
    }

    /** Cut at every byte, with a length word that fits where there is one. */
    private static void cut(Request request, List<Case> cases) {
        for (int bytes = 0; bytes < request.frame().length; bytes++) {
            byte[] cut = Arrays.copyOf(request.frame(), bytes);
            if (bytes >= Integer.BYTES) {
                ByteBuffer.wrap(cut).putInt(0, bytes - Integer.BYTES);
            }
            cases.add(new Case(request.name() + " cut at " + bytes, request, cut, bytes >= request.open()));
        }
    }

    private static void flip(Request request, List<Case> cases) {
        for (int bit = 0; bit < Frames.BODY_OFFSET * Byte.SIZE; bit++) {
            byte[] flipped = request.frame().clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
            // Flags that are not known, another request id, another message that fits; or a shorter one with a shorter
            // key.
            int announced = ByteBuffer.wrap(flipped).getInt() + Integer.BYTES;
            boolean mayBeTaken = bit / Byte.SIZE >= Frames.TYPE_OFFSET
                    || (bit < Integer.SIZE && announced >= request.open() && announced < flipped.length);
            cases.add(new Case(request.name() + " with header bit " + bit, request, flipped, mayBeTaken));
        }
    }

    private static void lie(Request request, Length length, List<Case> cases) {
        ByteBuf sound = Unpooled.wrappedBuffer(request.frame());
        int present =
                length.width() == Short.BYTES ? sound.getUnsignedShort(length.offset()) : sound.getInt(length.offset());
        int most = length.width() == Short.BYTES ? 0xffff : Integer.MAX_VALUE;
        for (int claimed : new int[] {-1, 0, 1, length.limit(), length.limit() + 1, most, present + 1}) {
            byte[] lying = request.frame().clone();
            ByteBuf frame = Unpooled.wrappedBuffer(lying);
            if (length.width() == Short.BYTES) {
                frame.setShort(length.offset(), claimed);
            } else {
                frame.setInt(length.offset(), claimed);
            }
            // A key that takes the rest takes what a shorter name leaves; what is left after a hello is of a later
            // version.
            boolean mayBeTaken = length.offset() > 0
                    && claimed >= 0
                    && length.offset() + length.width() + claimed <= lying.length
                    && (request.open() < lying.length || request.name().equals("hello"));
            String name = request.name() + " with " + claimed + " at " + length.offset();
            cases.add(new Case(name, request, lying, mayBeTaken || claimed == present));
        }
    }
}
