package io.queryablestate.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.queryablestate.messages.BatchKeys;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.FlinkFailureDecoder;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.Hello;
import io.queryablestate.messages.KvStateBatchAnswerCodec;
import io.queryablestate.messages.KvStateId;
import io.queryablestate.messages.KvStateInternalBatchRequestCodec;
import io.queryablestate.messages.KvStateInternalRequestCodec;
import io.queryablestate.messages.KvStateResultCodec;
import io.queryablestate.messages.MessageType;
import java.util.List;
import java.util.Optional;

/** What goes to a state server, and what comes from it as a short text that a test compares. */
final class Frame {

    private Frame() {}

    static ByteBuf hello() {
        ByteBuf out = Unpooled.buffer();
        Hello.anonymous().encode(out, 0);
        return out;
    }

    /** A version-2 request for key group 7. */
    static ByteBuf request(long id, KvStateId state, byte[] key) {
        return request(id, 5_000, state, 7, key);
    }

    static ByteBuf request(long id, int budgetMillis, KvStateId state, int keyGroup, byte[] key) {
        ByteBuf out = Unpooled.buffer();
        KvStateInternalRequestCodec.encodeHeader(out, id, budgetMillis, state, keyGroup, key.length);
        return out.writeBytes(key);
    }

    /** A batch for these key groups and keys, numbered from 0. */
    static ByteBuf batch(long id, KvStateId state, List<Integer> keyGroups, List<byte[]> keys) {
        ByteBuf entries = Unpooled.buffer();
        for (int i = 0; i < keys.size(); i++) {
            BatchKeys.encode(entries, i, keyGroups.get(i), keys.get(i));
        }
        ByteBuf out = Unpooled.buffer();
        KvStateInternalBatchRequestCodec.encodeHeader(out, id, 5_000, state, entries.readableBytes());
        return out.writeBytes(entries);
    }

    static ByteBuf version1Request(long id, KvStateId state, byte[] key) {
        ByteBuf out = Unpooled.buffer();
        KvStateInternalRequestCodec.encodeVersion1Header(out, id, state, key.length);
        return out.writeBytes(key);
    }

    static ByteBuf empty(MessageType type, long id) {
        ByteBuf out = Unpooled.buffer();
        Frames.writeEmpty(out, type, id);
        return out;
    }

    /** Such as {@code "5 VALUE 010203"}, {@code "5 ABSENT"}, {@code "5 UNKNOWN_KV_STATE_ID"}. */
    static String describe(ByteBuf frame) {
        int end = Integer.BYTES + frame.getInt(0);
        return frame.getInt(Frames.VERSION_OFFSET) == Frames.VERSION_1
                ? describeVersion1(frame, end)
                : describeVersion2(frame, end);
    }

    private static String describeVersion2(ByteBuf frame, int end) {
        boolean stale = (Frames.flags(frame, 0) & Frames.FLAG_LOCATION_STALE) != 0;
        String id = Frames.requestId(frame, 0) + (stale ? " STALE" : "");
        MessageType type = MessageType.ofNumber(frame.getUnsignedShort(Frames.TYPE_OFFSET));
        if (type == MessageType.RESULT) {
            return id + " VALUE " + value(frame, end);
        }
        if (type == MessageType.KV_STATE_BATCH_ANSWER) {
            boolean more = (Frames.flags(frame, 0) & Frames.FLAG_MORE) != 0;
            return id + (more ? " PART" : " BATCH") + items(frame.slice(Frames.BODY_OFFSET, end - Frames.BODY_OFFSET));
        }
        return id + " "
                + (type == MessageType.FAILURE ? Failure.decode(frame, 0, end).code() : type);
    }

    private static String items(ByteBuf body) {
        StringBuilder items = new StringBuilder();
        KvStateBatchAnswerCodec codec = new KvStateBatchAnswerCodec();
        codec.start(body);
        while (codec.next(body)) {
            items.append(' ').append(codec.number());
            switch (codec.outcome()) {
                case VALUE ->
                    items.append('=').append(ByteBufUtil.hexDump(body, codec.valueOffset(), codec.valueLength()));
                case ABSENT -> items.append(" ABSENT");
                case FAILURE -> items.append(' ').append(codec.failure(body).code());
            }
        }
        return items.toString();
    }

    private static String describeVersion1(ByteBuf frame, int end) {
        int type = frame.getInt(Frames.TYPE_OFFSET);
        if (type == Frames.V1_SERVER_FAILURE) {
            return "SERVER FAILURE " + code(frame, Frames.REQUEST_ID_OFFSET, end);
        }
        long id = Frames.requestId(frame, 0);
        return type == Frames.V1_RESULT
                ? id + " VALUE " + value(frame, end)
                : id + " " + code(frame, Frames.BODY_OFFSET, end);
    }

    private static String code(ByteBuf frame, int offset, int end) {
        Optional<ErrorCode> code =
                FlinkFailureDecoder.decode(frame, offset, end).map(Failure::code);
        return code.map(ErrorCode::name).orElse("ABSENT");
    }

    private static String value(ByteBuf frame, int end) {
        int length = KvStateResultCodec.decode(frame, 0, end);
        return ByteBufUtil.hexDump(frame, KvStateResultCodec.HEADER_BYTES, length);
    }
}
