package io.queryablestate.messages;

import io.netty.buffer.ByteBuf;

/**
 * Which states do you know? {@code int32 budget (ms)}.
 *
 * @param budgetMillis how much time is left, in milliseconds, at least 1
 */
public record CatalogueRequest(int budgetMillis) {

    /** Writes a frame. */
    public void encode(ByteBuf out, long requestId) {
        Frames.writeHeader(out, MessageType.CATALOGUE_REQUEST, 0, requestId, Integer.BYTES);
        out.writeInt(budgetMillis);
    }

    /** Reads the body, all of {@code body}. */
    public static CatalogueRequest decode(ByteBuf body) {
        Frames.checkPresent("a catalogue request", Integer.BYTES, body.readerIndex(), body.writerIndex());
        CatalogueRequest request = new CatalogueRequest(Frames.checkedBudget(body.readInt()));
        Frames.checkAllRead("a catalogue request", body);
        return request;
    }
}
