package io.queryablestate.network;

import io.netty.buffer.ByteBuf;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.MessageType;

/**
 * One request to a server, and where its answer goes. After {@link PeerConnection#send} exactly one of the {@code on…}
 * methods is called, once, unless the call is cancelled; never before {@code send} has returned. All methods are called
 * on the event loop of the connection.
 */
public interface Call {

    /**
     * Writes the request.
     *
     * @param version1 whether the server speaks version 1 only
     * @throws io.queryablestate.messages.QueryableStateException if it cannot be written; nothing may have been written
     *     then. It becomes the call's failure
     */
    void encode(FrameOutput out, long requestId, boolean version1);

    /**
     * The server has answered with a value.
     *
     * @param in holds the value; valid during the call, to be retained by who needs it longer
     */
    void onValue(ByteBuf in, int offset, int length);

    /** The server has answered that there is no value. */
    void onAbsent();

    /**
     * The server has answered with a message of another kind, or with the last part of one.
     *
     * @param body the body; valid during the call
     */
    default void onMessage(MessageType type, ByteBuf body) {
        onFailure(new Failure(ErrorCode.PROTOCOL_VIOLATION, "an answer of type " + type + " was not expected"));
    }

    /**
     * The server has answered with a message that is part of an answer: more parts follow, and {@link #onMessage} is called
     * with the last of them. The one exception to the rule that a call is told once.
     *
     * @param body the body; valid during the call
     * @return whether the rest is wanted; if not, the call has ended
     */
    default boolean onPart(MessageType type, ByteBuf body) {
        onMessage(type, body);
        return false;
    }

    /**
     * The answer that comes next says that the location by which the server was found is out of date. The answer is good all
     * the same.
     */
    default void onLocationStale() {
        // Of no interest to who keeps no locations.
    }

    /** How many requests this counts as where requests in flight are limited; at least 1. */
    default int weight() {
        return 1;
    }

    /** The server has answered with a failure, or the request could not be written. */
    void onFailure(Failure failure);

    /** There is no connection to the server, or it ended before the answer came. */
    void onConnectionFailure(Failure failure);
}
