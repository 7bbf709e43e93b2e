package io.queryablestate.messages;

import io.netty.buffer.ByteBuf;

/**
 * The answer to a {@link Hello}: {@code uint16 version, text cluster id}.
 *
 * @param version the version that both sides will speak
 * @param clusterId the cluster that the server belongs to; empty if it was given none
 */
public record Welcome(int version, String clusterId) {

    /** Writes a frame. */
    public void encode(ByteBuf out, long requestId) {
        BodyWriter.write(out, MessageType.WELCOME, requestId, body -> {
            body.writeShort(version);
            WireText.write(body, "a cluster id", clusterId, Hello.MAX_CLUSTER_ID_BYTES);
        });
    }

    /** Reads the body, all of {@code body}. Fields that a later version appends are skipped. */
    public static Welcome decode(ByteBuf body) {
        Frames.checkPresent("a welcome", Short.BYTES, body.readerIndex(), body.writerIndex());
        return new Welcome(body.readUnsignedShort(), WireText.read(body, "a cluster id", Hello.MAX_CLUSTER_ID_BYTES));
    }
}
