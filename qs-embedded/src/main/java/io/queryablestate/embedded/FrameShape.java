package io.queryablestate.embedded;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a fault does to single answers: cuts them out of the stream by their length words. */
abstract class FrameShape extends FaultShape {

    /** An answer longer than this is passed on as it comes, as nothing but bytes. */
    private static final int MAX_FRAME_BYTES = 1024 * 1024;

    private byte[] partial = new byte[0];
    /** False until the frame is over in whose middle the fault came into force. */
    private boolean aligned;

    static FaultShape of(Fault fault) {
        if (fault instanceof Fault.Duplicate) {
            return new Duplicating();
        }
        if (fault instanceof Fault.Reorder) {
            return new Reordering();
        }
        if (fault instanceof Fault.UnknownIds) {
            return new Inventing();
        }
        if (fault instanceof Fault.Late late) {
            return new Lagging(late);
        }
        return transparent();
    }

    @Override
    final void read(byte[] bytes, int frameStart, FaultPipe pipe) {
        if (aligned) {
            readFrames(bytes, pipe);
        } else if (frameStart < 0) {
            pipe.write(bytes);
        } else {
            aligned = true;
            if (frameStart > 0) {
                pipe.write(Arrays.copyOf(bytes, frameStart));
            }
            readFrames(Arrays.copyOfRange(bytes, frameStart, bytes.length), pipe);
        }
    }

    private void readFrames(byte[] bytes, FaultPipe pipe) {
        byte[] all = Arrays.copyOf(partial, partial.length + bytes.length);
        System.arraycopy(bytes, 0, all, partial.length, bytes.length);
        int from = 0;
        while (all.length - from >= Integer.BYTES) {
            int length = ByteBuffer.wrap(all).getInt(from);
            if (length < 0 || length > MAX_FRAME_BYTES) {
                pipe.write(Arrays.copyOfRange(all, from, all.length));
                from = all.length;
            } else if (all.length - from < Integer.BYTES + length) {
                break;
            } else {
                frame(Arrays.copyOfRange(all, from, from + Integer.BYTES + length), pipe);
                from += Integer.BYTES + length;
            }
        }
        partial = Arrays.copyOfRange(all, from, all.length);
    }

    @Override
    void finish(FaultPipe pipe) {
        if (partial.length > 0) {
            pipe.write(partial);
            partial = new byte[0];
        }
    }

    abstract void frame(byte[] frame, FaultPipe pipe);

    private static final class Duplicating extends FrameShape {
        @Override
        void frame(byte[] frame, FaultPipe pipe) {
            pipe.affected();
            pipe.write(frame);
            pipe.write(frame);
        }
    }

    private static final class Reordering extends FrameShape {

        private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

        private byte @Nullable [] held;

        @Override
        void frame(byte[] frame, FaultPipe pipe) {
            byte[] before = held;
            if (before == null) {
                held = frame;
                pipe.later(() -> release(frame, pipe), MOST_NANOS);
            } else {
                pipe.affected();
                held = null;
                pipe.write(frame);
                pipe.write(before);
            }
        }

        private void release(byte[] frame, FaultPipe pipe) {
            if (held == frame) {
                held = null;
                pipe.write(frame);
            }
        }

        @Override
        void finish(FaultPipe pipe) {
            byte[] last = held;
            if (last != null) {
                release(last, pipe);
            }
            super.finish(pipe);
        }
    }

    private static final class Inventing extends FrameShape {

        /** After length, version and type with flags, as both versions have it. */
        private static final int REQUEST_ID_OFFSET = 12;

        @Override
        void frame(byte[] frame, FaultPipe pipe) {
            if (frame.length >= REQUEST_ID_OFFSET + Long.BYTES) {
                pipe.affected();
                byte[] invented = frame.clone();
                ByteBuffer.wrap(invented)
                        .putLong(REQUEST_ID_OFFSET, pipe.random().nextLong() | Long.MIN_VALUE);
                pipe.write(invented);
            }
            pipe.write(frame);
        }
    }

    private static final class Lagging extends FrameShape {

        private final Fault.Late late;

        Lagging(Fault.Late late) {
            this.late = late;
        }

        @Override
        void frame(byte[] frame, FaultPipe pipe) {
            pipe.affected();
            pipe.writeFrameAside(frame, late.by().toNanos());
        }
    }
}
