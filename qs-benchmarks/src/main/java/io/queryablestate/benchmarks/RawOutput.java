package io.queryablestate.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** The frames for one channel, flushed once for each read batch. Used on the channel's event loop. */
final class RawOutput {

    private final Channel channel;
    private final int bufferBytes;
    private @Nullable ByteBuf filling;

    /**
     * Output to a channel.
     *
     * @param bufferBytes how much is collected in one buffer before it is written; 0 for one write for each frame
     */
    RawOutput(Channel channel, int bufferBytes) {
        this.channel = channel;
        this.bufferBytes = bufferBytes;
    }

    /** Where the next frame, of so many bytes, is written. */
    ByteBuf room(int bytes) {
        ByteBuf current = filling;
        if (current != null && bufferBytes > 0 && current.writableBytes() >= bytes) {
            return current;
        }
        write();
        ByteBuf next = channel.alloc().ioBuffer(Math.max(bytes, bufferBytes));
        filling = next;
        return next;
    }

    /** Takes bytes as they are, and releases them. */
    void pass(ByteBuf bytes) {
        write();
        channel.write(bytes, channel.voidPromise());
    }

    void flush() {
        write();
        channel.flush();
    }

    private void write() {
        ByteBuf current = filling;
        if (current != null) {
            filling = null;
            channel.write(current, channel.voidPromise());
        }
    }
}
