package io.queryablestate.messages;

import io.netty.buffer.ByteBuf;

/**
 * The first frame of a version-2 connection: {@code uint16 lowest version, uint16 highest version, text token, text
 * cluster id}, a text being {@code uint16 length, UTF-8}.
 *
 * @param lowestVersion the lowest version that the sender speaks
 * @param highestVersion the highest version that the sender speaks
 * @param token who asks; empty if the sender has none
 * @param clusterId the cluster the sender means to talk to; empty if it does not care
 */
public record Hello(int lowestVersion, int highestVersion, String token, String clusterId) {

    /** The version that this code speaks. */
    public static final int VERSION = 2;

    static final int MAX_TOKEN_BYTES = 2048;
    static final int MAX_CLUSTER_ID_BYTES = 256;

    /** A hello of this version without a token, to any cluster. */
    public static Hello anonymous() {
        return new Hello(VERSION, VERSION, "", "");
    }

    /** Writes a frame. */
    public void encode(ByteBuf out, long requestId) {
        BodyWriter.write(out, MessageType.HELLO, requestId, body -> {
            body.writeShort(lowestVersion);
            body.writeShort(highestVersion);
            WireText.write(body, "a token", token, MAX_TOKEN_BYTES);
            WireText.write(body, "a cluster id", clusterId, MAX_CLUSTER_ID_BYTES);
        });
    }

    /** Reads the body, all of {@code body}. Fields that a later version appends are skipped. */
    public static Hello decode(ByteBuf body) {
        Frames.checkPresent("a hello", 2 * Short.BYTES, body.readerIndex(), body.writerIndex());
        int lowest = body.readUnsignedShort();
        int highest = body.readUnsignedShort();
        String token = WireText.read(body, "a token", MAX_TOKEN_BYTES);
        return new Hello(lowest, highest, token, WireText.read(body, "a cluster id", MAX_CLUSTER_ID_BYTES));
    }

    /** Never shows the token. */
    @Override
    public String toString() {
        return "Hello[versions " + lowestVersion + " to " + highestVersion + ", cluster \"" + clusterId + "\"]";
    }
}
