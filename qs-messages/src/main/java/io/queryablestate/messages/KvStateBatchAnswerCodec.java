package io.queryablestate.messages;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * What became of some keys of a batch: items to the end of the frame, at least one.
 *
 * <pre>
 *            | number (2) | 0 | length (4) | value |
 *            | number (2) | 1 |                                            absent
 *            | number (2) | 2 | flags (2) | code (2) | length (2) | text |  failed
 * </pre>
 *
 * The answers to a batch come in as many frames as the sender likes, in any order; each but the last has {@link
 * Frames#FLAG_MORE}. An instance is a cursor over the items of one frame after another; it belongs to one thread.
 */
public final class KvStateBatchAnswerCodec {

    /** What became of a key. */
    public enum Outcome {
        /** It has a value. */
        VALUE,
        /** The state has no value for it. */
        ABSENT,
        /** It could not be read. */
        FAILURE
    }

    /** Everything before the items. */
    public static final int HEADER_BYTES = Frames.BODY_OFFSET;
    /** Everything of an item before its value. */
    public static final int VALUE_HEAD_BYTES = 7;
    /** An item without a value. */
    public static final int ABSENT_BYTES = 3;
    /** An item with a failure has at most this many bytes. */
    public static final int MAX_FAILURE_BYTES = 9 + Frames.MAX_FAILURE_TEXT_BYTES;

    private static final int FAILURE_HEAD_BYTES = 9;

    private int next;
    private int bodyEnd;
    private int number;
    private int outcome;
    private int payloadOffset;
    private int payloadLength;

    /** Points this cursor before the first item of a body, which is all of {@code body}. */
    public void start(ByteBuf body) {
        next = body.readerIndex();
        bodyEnd = body.writerIndex();
        if (next == bodyEnd) {
            throw Frames.badRequest("a batch answer without items");
        }
    }

    /**
     * Goes to the next item.
     *
     * @return false if there is none
     * @throws QueryableStateException {@code BAD_REQUEST} if it is not an item, or a length does not fit the body
     */
    public boolean next(ByteBuf body) {
        if (next == bodyEnd) {
            return false;
        }
        Frames.checkPresent("an item of a batch", ABSENT_BYTES, next, bodyEnd);
        number = body.getUnsignedShort(next);
        outcome = body.getByte(next + 2);
        switch (outcome) {
            case 0 -> {
                Frames.checkPresent("a value's length", VALUE_HEAD_BYTES, next, bodyEnd);
                payload("a value", next + VALUE_HEAD_BYTES, body.getInt(next + 3), Integer.MAX_VALUE);
            }
            case 1 -> payload("nothing", next + ABSENT_BYTES, 0, 0);
            case 2 -> {
                Frames.checkPresent("a failure", FAILURE_HEAD_BYTES, next, bodyEnd);
                payload(
                        "a failure text",
                        next + FAILURE_HEAD_BYTES,
                        body.getUnsignedShort(next + 7),
                        Frames.MAX_FAILURE_TEXT_BYTES);
            }
            default -> throw Frames.badRequest("outcome " + outcome + " of a key");
        }
        next = payloadOffset + payloadLength;
        return true;
    }

    private void payload(String field, int offset, int length, int limit) {
        Frames.checkField(field, length, offset, bodyEnd, limit);
        payloadOffset = offset;
        payloadLength = length;
    }

    /** The number of the key that the item is about. */
    public int number() {
        return number;
    }

    /** What became of it. */
    public Outcome outcome() {
        return switch (outcome) {
            case 0 -> Outcome.VALUE;
            case 1 -> Outcome.ABSENT;
            default -> Outcome.FAILURE;
        };
    }

    /** Index of the first byte of the value. */
    public int valueOffset() {
        return payloadOffset;
    }

    /** Length of the value. */
    public int valueLength() {
        return payloadLength;
    }

    /** Index after the item. */
    public int end() {
        return next;
    }

    /** Why the key could not be read; only for a failure. */
    public Failure failure(ByteBuf body) {
        int head = payloadOffset - FAILURE_HEAD_BYTES;
        boolean isFinal = (body.getUnsignedShort(head + 3) & Frames.FLAG_FINAL) != 0;
        ErrorCode code = ErrorCode.ofNumber(body.getUnsignedShort(head + 5));
        return new Failure(code, body.toString(payloadOffset, payloadLength, StandardCharsets.UTF_8), isFinal);
    }

    /** Writes everything that stands before the items: {@link #HEADER_BYTES} bytes. */
    public static void encodeHeader(ByteBuf out, int flags, long requestId, int itemsBytes) {
        Frames.writeHeader(out, MessageType.KV_STATE_BATCH_ANSWER, flags, requestId, itemsBytes);
    }

    /** Writes everything of an item that stands before its value: {@link #VALUE_HEAD_BYTES} bytes. */
    public static void encodeValueHead(ByteBuf out, int number, int valueLength) {
        out.writeShort(number);
        out.writeByte(0);
        out.writeInt(valueLength);
    }

    /** Writes an item that says that the key is absent: {@link #ABSENT_BYTES} bytes. */
    public static void encodeAbsent(ByteBuf out, int number) {
        out.writeShort(number);
        out.writeByte(1);
    }

    /** Bytes of an item with that failure. */
    public static int encodedSize(Failure failure) {
        return FAILURE_HEAD_BYTES + text(failure).length;
    }

    /** Writes an item that says why the key could not be read. */
    public static void encodeFailure(ByteBuf out, int number, Failure failure) {
        byte[] text = text(failure);
        out.writeShort(number);
        out.writeByte(2);
        out.writeShort(failure.isFinal() ? Frames.FLAG_FINAL : 0);
        out.writeShort(failure.code().number());
        out.writeShort(text.length);
        out.writeBytes(text);
    }

    private static byte[] text(Failure failure) {
        return WireText.truncated(failure.text(), Frames.MAX_FAILURE_TEXT_BYTES);
    }
}
