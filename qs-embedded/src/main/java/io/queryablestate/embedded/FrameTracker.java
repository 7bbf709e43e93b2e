package io.queryablestate.embedded;

/** Follows a stream of {@code int32 length | the rest}, to know where a frame begins. */
final class FrameTracker {

    private int length;
    private int lengthBytes;
    private long left;

    /** Whether the next byte begins a frame. */
    boolean isAtFrameStart() {
        return left == 0 && lengthBytes == 0;
    }

    /**
     * Follows the next bytes of the stream.
     *
     * @return the index of the first of them that begins a frame, or -1 if none does
     */
    int advance(byte[] bytes) {
        int first = -1;
        int index = 0;
        while (index < bytes.length) {
            if (left > 0) {
                int passed = (int) Math.min(left, bytes.length - index);
                left -= passed;
                index += passed;
            } else {
                if (lengthBytes == 0 && first < 0) {
                    first = index;
                }
                length = (length << Byte.SIZE) | (bytes[index] & 0xff);
                index++;
                lengthBytes++;
                if (lengthBytes == Integer.BYTES) {
                    left = Integer.toUnsignedLong(length);
                    length = 0;
                    lengthBytes = 0;
                }
            }
        }
        return first;
    }
}
