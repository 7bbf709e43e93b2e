package io.queryablestate.messages;

import org.jspecify.annotations.Nullable;

/** The messages of version 2 with their numbers on the wire (docs/protocol.md), which never change. */
public enum MessageType {
    /** Client to proxy: read one key. Body: {@link KvStateRequestCodec}. */
    KV_STATE_REQUEST(1),
    /** Proxy to state server: read one key of one KvState. Body: {@link KvStateInternalRequestCodec}. */
    KV_STATE_INTERNAL_REQUEST(2),
    /** The value of the key. Body: {@link KvStateResultCodec}. */
    RESULT(3),
    /** The state has no value for the key. No body. */
    ABSENT(4),
    /** The request failed. Body: {@link Failure}. */
    FAILURE(5),
    /** First frame of a connection. Body: {@link Hello}. */
    HELLO(6),
    /** Answer to {@link #HELLO}. Body: {@link Welcome}. */
    WELCOME(7),
    /** Are you there? No body. */
    PING(8),
    /** Answer to {@link #PING}, with its request id. No body. */
    PONG(9),
    /** The server is draining: send new requests elsewhere. No body. */
    GOING_AWAY(10),
    /** Where is this state? Body: {@link LocationRequest}. */
    LOCATION_REQUEST(11),
    /** Answer to {@link #LOCATION_REQUEST}. Body: {@link KvStateLocation}. */
    LOCATION(12),
    /** Which states do you know? Body: {@link CatalogueRequest}. */
    CATALOGUE_REQUEST(13),
    /** Answer to {@link #CATALOGUE_REQUEST}. Body: a list of {@link CatalogueEntry}. */
    CATALOGUE(14),
    /** Client to proxy: read several keys. Body: {@link KvStateBatchRequestCodec}. */
    KV_STATE_BATCH_REQUEST(15),
    /** To a state server: read several keys of one KvState. Body: {@link KvStateInternalBatchRequestCodec}. */
    KV_STATE_INTERNAL_BATCH_REQUEST(16),
    /** What became of some of the keys. Body: {@link KvStateBatchAnswerCodec}. */
    KV_STATE_BATCH_ANSWER(17),
    /** The answer to the request of this id is not wanted any more. No body, and no answer. */
    CANCEL(18);

    private static final @Nullable MessageType[] BY_NUMBER = new MessageType[values().length + 1];

    static {
        for (MessageType type : values()) {
            BY_NUMBER[type.number] = type;
        }
    }

    private final int number;

    MessageType(int number) {
        this.number = number;
    }

    /** The number on the wire. */
    public int number() {
        return number;
    }

    /** The type of that number, or null if this version does not know it. */
    public static @Nullable MessageType ofNumber(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    }
}
