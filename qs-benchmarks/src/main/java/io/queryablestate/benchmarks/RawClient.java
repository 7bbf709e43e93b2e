package io.queryablestate.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.queryablestate.client.serialization.KeyAndNamespace;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.KvStateRequestCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;

/** Writes requests of the length of ours; the oldest request gets the next answer. */
final class RawClient extends RawFrames implements KeyReader {

    private static final int REQUEST_BYTES = KvStateRequestCodec.encodedSize(
            OurPeer.STATE.getBytes(StandardCharsets.UTF_8), KeyAndNamespace.serialize(Serializers.LONG, 0L));
    private static final int PADDING = REQUEST_BYTES - Frames.BODY_OFFSET - Long.BYTES;

    private final Channel channel;
    private final RawOutput out;
    private final ArrayDeque<Answer> inFlight = new ArrayDeque<>();

    private byte[] longValue = {};
    private int longValueFilled;

    RawClient(Channel channel, RawOutput out) {
        this.channel = channel;
        this.out = out;
    }

    @Override
    public void get(long key, Answer answer) {
        if (channel.eventLoop().inEventLoop()) {
            write(key, answer);
        } else {
            channel.eventLoop().execute(() -> {
                write(key, answer);
                out.flush();
            });
        }
    }

    private void write(long key, Answer answer) {
        inFlight.add(answer);
        out.room(REQUEST_BYTES)
                .writeInt(REQUEST_BYTES - Integer.BYTES)
                .writeZero(Frames.BODY_OFFSET - Integer.BYTES)
                .writeLong(key)
                .writeZero(PADDING);
    }

    @Override
    void frame(ByteBuf in, int offset, int bytes) {
        byte[] value = new byte[bytes - RawServer.VALUE_OFFSET];
        in.getBytes(offset + RawServer.VALUE_OFFSET, value);
        inFlight.remove().value(value);
    }

    @Override
    void longFrame(ByteBuf in, int offset, int arrived, int bytes) {
        longValue = new byte[bytes - RawServer.VALUE_OFFSET];
        longValueFilled = 0;
        part(in, offset + RawServer.VALUE_OFFSET, arrived - RawServer.VALUE_OFFSET);
    }

    @Override
    void part(ByteBuf in, int offset, int bytes) {
        in.getBytes(offset, longValue, longValueFilled, bytes);
        longValueFilled += bytes;
        if (longValueFilled == longValue.length) {
            inFlight.remove().value(longValue);
        }
    }

    @Override
    void endOfBatch() {
        out.flush();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        while (!inFlight.isEmpty()) {
            inFlight.remove().failure(new IOException("the connection was closed"));
        }
    }
}
