package io.queryablestate.network;

import io.netty.buffer.ByteBuf;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.KvStateResultCodec;
import org.jspecify.annotations.Nullable;

/**
 * Writes the answers of a server in the version of the protocol that the peer of one connection speaks. Used on the
 * event loop of the connection.
 */
public abstract class Answers {

    /** Bytes that one peer may leave unread before further answers are refused. One answer always fits. */
    static final long MAX_PENDING_BYTES = 1024 * 1024;

    private final FrameHandler connection;

    Answers(FrameHandler connection) {
        this.connection = connection;
    }

    /** Writes one whole frame. */
    @FunctionalInterface
    public interface Encoder {
        /** Writes the frame that answers the request of that id. */
        void encode(ByteBuf out, long requestId);
    }

    /** Whether the peer has shown which version it speaks. */
    abstract boolean isDecided();

    /** Whether the peer speaks version 2. */
    abstract boolean isVersion2();

    /** Writes everything of a result that stands before the value. */
    abstract void resultHead(ByteBuf out, int flags, long requestId, int valueBytes);

    /** The state has no value for the key. */
    abstract void absent(int flags, long requestId);

    /** Answers a ping. */
    abstract void pong(long requestId);

    /** The request failed. */
    abstract void failure(long requestId, Failure failure);

    /** The connection is given up, for this reason. */
    abstract void connectionFailure(Failure failure);

    /** Asks the peer to send its next requests elsewhere, if its version knows how. */
    abstract void goingAway();

    /** Why a value of that size cannot be buffered for the peer now, or null if it can. */
    final @Nullable Failure obstacle(int valueBytes) {
        FrameOutput output = output();
        if (valueBytes <= FrameOutput.COPY_LIMIT && !output.isCongested()) {
            return null;
        }
        if (output.pendingBytes() + valueBytes > MAX_PENDING_BYTES) {
            output.run();
            if (output.isCongested() && output.pendingBytes() + valueBytes > MAX_PENDING_BYTES) {
                return new Failure(ErrorCode.OVERLOADED, "answers are not read fast enough");
            }
        }
        if (!output.fits(valueBytes)) {
            return FrameHandler.BUFFERS_FULL;
        }
        return null;
    }

    final void value(int flags, long requestId, byte[] value) {
        FrameOutput output = output();
        resultHead(output.reserve(KvStateResultCodec.HEADER_BYTES), flags, requestId, value.length);
        output.append(value);
    }

    final void value(int flags, long requestId, ByteBuf in, int offset, int length) {
        FrameOutput output = output();
        if (length <= FrameOutput.COPY_LIMIT) {
            ByteBuf out = output.reserve(KvStateResultCodec.HEADER_BYTES + length);
            resultHead(out, flags, requestId, length);
            out.writeBytes(in, offset, length);
        } else {
            resultHead(output.reserve(KvStateResultCodec.HEADER_BYTES), flags, requestId, length);
            output.append(in.retainedSlice(offset, length));
        }
    }

    final void message(long requestId, Encoder message) {
        ByteBuf frame = connection.channelContext().alloc().buffer();
        try {
            message.encode(frame, requestId);
            output().append(frame.retain());
        } finally {
            frame.release();
        }
    }

    final FrameHandler connection() {
        return connection;
    }

    final FrameOutput output() {
        return connection.output();
    }
}
