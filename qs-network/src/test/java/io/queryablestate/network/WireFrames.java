package io.queryablestate.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.FlinkFailureDecoder;
import io.queryablestate.messages.FlinkFailureEncoder;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.Hello;
import io.queryablestate.messages.KvStateResultCodec;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.Welcome;

/** Frames as a peer writes and reads them. */
final class WireFrames {

    private WireFrames() {}

    static ByteBuf hello() {
        return hello(Hello.anonymous());
    }

    static ByteBuf hello(Hello hello) {
        ByteBuf out = Unpooled.buffer();
        hello.encode(out, 0);
        return out;
    }

    static ByteBuf welcome() {
        ByteBuf out = Unpooled.buffer();
        new Welcome(Hello.VERSION, "").encode(out, 0);
        return out;
    }

    /** The answer of Flink's own servers to bytes they do not understand. */
    static ByteBuf version1ServerFailure() {
        ByteBuf out = Unpooled.buffer();
        new FlinkFailureEncoder("Fake").encodeServerFailure(out, new Failure(ErrorCode.STATE_FAILED, "unexpected"));
        return out;
    }

    static ByteBuf version1Result(long id, byte... value) {
        ByteBuf out = Unpooled.buffer();
        Frames.writeVersion1Header(out, Frames.V1_RESULT, id, Integer.BYTES + value.length);
        return out.writeInt(value.length).writeBytes(value);
    }

    static ByteBuf version1Failure(long id, Failure failure) {
        ByteBuf out = Unpooled.buffer();
        new FlinkFailureEncoder("Fake").encodeRequestFailure(out, id, failure);
        return out;
    }

    static ByteBuf version1Absent(long id) {
        ByteBuf out = Unpooled.buffer();
        new FlinkFailureEncoder("Fake").encodeAbsentKey(out, id);
        return out;
    }

    static ByteBuf empty(MessageType type, long id) {
        ByteBuf out = Unpooled.buffer();
        Frames.writeEmpty(out, type, id);
        return out;
    }

    /** A request to {@link ScriptedHandler}. */
    static ByteBuf request(long id, Script script, int budgetMillis, byte... key) {
        ByteBuf out = Unpooled.buffer();
        Frames.writeHeader(out, MessageType.KV_STATE_REQUEST, 0, id, 1 + Integer.BYTES + key.length);
        return out.writeByte(script.letter).writeInt(budgetMillis).writeBytes(key);
    }

    static ByteBuf request(long id, Script script) {
        return request(id, script, 0, (byte) 7);
    }

    static ByteBuf version1Request(long id, Script script, byte... key) {
        return version1(Frames.V1_REQUEST, id, script, key);
    }

    static ByteBuf version1(int type, long id, Script script, byte... key) {
        ByteBuf out = Unpooled.buffer();
        Frames.writeVersion1Header(out, type, id, 1 + Integer.BYTES + key.length);
        return out.writeByte(script.letter).writeInt(0).writeBytes(key);
    }

    static ByteBuf result(long id, byte... value) {
        ByteBuf out = Unpooled.buffer();
        Frames.writeHeader(out, MessageType.RESULT, 0, id, Integer.BYTES + value.length);
        return out.writeInt(value.length).writeBytes(value);
    }

    static ByteBuf failure(long id, Failure failure) {
        ByteBuf out = Unpooled.buffer();
        failure.encode(out, id);
        return out;
    }

    static MessageType type(ByteBuf frame) {
        MessageType type = MessageType.ofNumber(frame.getUnsignedShort(frame.readerIndex() + Frames.TYPE_OFFSET));
        if (type == null || version(frame) != Frames.VERSION_2) {
            throw new AssertionError("not a version-2 frame: " + ByteBufUtil.hexDump(frame));
        }
        return type;
    }

    static int version(ByteBuf frame) {
        return frame.getInt(frame.readerIndex() + Frames.VERSION_OFFSET);
    }

    static int version1Type(ByteBuf frame) {
        return frame.getInt(frame.readerIndex() + Frames.TYPE_OFFSET);
    }

    static long id(ByteBuf frame) {
        return Frames.requestId(frame, frame.readerIndex());
    }

    static byte[] value(ByteBuf frame) {
        return ByteBufUtil.getBytes(
                frame,
                frame.readerIndex() + KvStateResultCodec.HEADER_BYTES,
                frame.readableBytes() - KvStateResultCodec.HEADER_BYTES);
    }

    static Failure failure(ByteBuf frame) {
        return Failure.decode(frame, frame.readerIndex(), frame.writerIndex());
    }

    static Failure version1Failure(ByteBuf frame) {
        return FlinkFailureDecoder.decode(frame, frame.readerIndex() + Frames.BODY_OFFSET, frame.writerIndex())
                .orElseThrow();
    }
}
