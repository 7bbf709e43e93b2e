package io.queryablestate.embedded;

import io.queryablestate.embedded.Fault.Direction;
import java.util.Arrays;

/** What a fault does to the bytes of one direction of one connection. */
abstract class FaultShape {

    /** The shape of a fault, for a connection that meets it. */
    static FaultShape of(Fault fault, Direction direction) {
        if (fault instanceof Fault.Cut cut && cut.direction() == direction) {
            return new Cutting(cut);
        }
        if (fault instanceof Fault.Throttle throttle) {
            return new Throttling(throttle);
        }
        if (fault instanceof Fault.Delay delay) {
            return new Delaying(delay);
        }
        if (fault instanceof Fault.Chop) {
            return new Chopping();
        }
        if (fault instanceof Fault.FlipBits flip && flip.direction() == direction) {
            return new Flipping();
        }
        if (direction == Direction.ANSWERS) {
            return FrameShape.of(fault);
        }
        return transparent();
    }

    static FaultShape transparent() {
        return new Transparent();
    }

    /**
     * Passes bytes on in its way.
     *
     * @param bytes at least one; the shape's to keep and to change
     * @param frameStart index of the first of them that begins a frame, -1 if none does
     */
    abstract void read(byte[] bytes, int frameStart, FaultPipe pipe);

    /** No more comes under this shape: lets go of what it holds back. */
    void finish(FaultPipe pipe) {}

    private static final class Transparent extends FaultShape {
        @Override
        void read(byte[] bytes, int frameStart, FaultPipe pipe) {
            pipe.write(bytes);
        }
    }

    private static final class Cutting extends FaultShape {

        private final Fault.Cut cut;
        private int left;
        private boolean done;

        Cutting(Fault.Cut cut) {
            this.cut = cut;
            this.left = cut.afterBytes();
        }

        @Override
        void read(byte[] bytes, int frameStart, FaultPipe pipe) {
            if (done) {
                return;
            }
            if (bytes.length <= left) {
                left -= bytes.length;
                pipe.write(bytes);
                return;
            }
            done = true;
            pipe.affected();
            pipe.write(Arrays.copyOf(bytes, left));
            pipe.afterwards(() -> {
                switch (cut.ending()) {
                    case RESET -> pipe.link().reset();
                    case CLOSE -> pipe.link().close();
                    case HALF_CLOSE -> pipe.link().halfClose();
                }
            });
        }
    }

    private static final class Throttling extends FaultShape {

        private final Fault.Throttle throttle;

        Throttling(Fault.Throttle throttle) {
            this.throttle = throttle;
        }

        @Override
        void read(byte[] bytes, int frameStart, FaultPipe pipe) {
            for (int from = 0; from < bytes.length; from += throttle.bytes()) {
                pipe.affected();
                pipe.write(
                        Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + throttle.bytes())),
                        throttle.interval().toNanos());
            }
        }
    }

    private static final class Delaying extends FaultShape {

        private final long leastNanos;
        private final long spreadNanos;

        Delaying(Fault.Delay delay) {
            this.leastNanos = delay.least().toNanos();
            this.spreadNanos = delay.most().toNanos() - leastNanos;
        }

        @Override
        void read(byte[] bytes, int frameStart, FaultPipe pipe) {
            pipe.affected();
            pipe.write(bytes, leastNanos + (long) (pipe.random().nextDouble() * spreadNanos));
        }
    }

    private static final class Chopping extends FaultShape {

        private static final long PAUSE_NANOS = 1_000_000;
        private static final int MAX_PIECE = 64;

        private byte[] held = new byte[0];

        @Override
        void read(byte[] bytes, int frameStart, FaultPipe pipe) {
            byte[] all = Arrays.copyOf(held, held.length + bytes.length);
            System.arraycopy(bytes, 0, all, held.length, bytes.length);
            int end = all.length;
            boolean timed = held.length > 0;
            int hold = Math.min(end, pipe.random().nextInt(MAX_PIECE));
            held = Arrays.copyOfRange(all, end - hold, end);
            int from = 0;
            while (from < end - hold) {
                int to = Math.min(end - hold, from + 1 + pipe.random().nextInt(MAX_PIECE));
                pipe.affected();
                // The first piece goes at once, each other one as a packet of its own.
                pipe.write(Arrays.copyOfRange(all, from, to), from == 0 ? 0 : PAUSE_NANOS / 10);
                from = to;
            }
            if (held.length > 0 && !timed) {
                pipe.later(() -> finish(pipe), PAUSE_NANOS);
            }
        }

        @Override
        void finish(FaultPipe pipe) {
            if (held.length > 0) {
                pipe.write(held);
                held = new byte[0];
            }
        }
    }

    private static final class Flipping extends FaultShape {
        @Override
        void read(byte[] bytes, int frameStart, FaultPipe pipe) {
            pipe.affected();
            int bit = pipe.random().nextInt(bytes.length * Byte.SIZE);
            bytes[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
            pipe.write(bytes);
        }
    }
}
