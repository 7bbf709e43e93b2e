package io.queryablestate.gates;

import io.queryablestate.client.serialization.KeyAndNamespace;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.messages.BatchKeys;
import io.queryablestate.messages.CatalogueRequest;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.Hello;
import io.queryablestate.messages.KvStateBatchRequestCodec;
import io.queryablestate.messages.KvStateId;
import io.queryablestate.messages.KvStateInternalBatchRequestCodec;
import io.queryablestate.messages.KvStateInternalRequestCodec;
import io.queryablestate.messages.KvStateRequestCodec;
import io.queryablestate.messages.LocationRequest;
import io.queryablestate.messages.MessageType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Each message that a server takes, as it should be. */
final class Requests {

    private static final byte[] KEY = KeyAndNamespace.serialize(Serializers.LONG, 1L);
    private static final byte[] NAME = StampedState.NAME.getBytes(StandardCharsets.UTF_8);
    private static final int HASH = Long.hashCode(1L);
    private static final KvStateId NOBODYS = new KvStateId(1, 2);
    private static final int BUDGET_MILLIS = 1_000;
    private static final int MAX_TOKEN_BYTES = 2_048;

    private Requests() {}

    /** Who takes a message. */
    enum Taker {
        PROXY,
        STATE_SERVER,
        BOTH
    }

    /**
     * A length field of a frame.
     *
     * @param width its size in bytes, 2 or 4
     * @param limit what it may say at most, whatever the size of the frame
     */
    record Length(int offset, int width, int limit) {

        /** The length word of every frame. */
        static final Length OF_FRAME = new Length(0, Integer.BYTES, 1024 * 1024);
    }

    /**
     * A message.
     *
     * @param lengths its length fields, that of the frame first
     * @param open from here on it may end anywhere: what follows is a key, or what a later version appends
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Request(String name, Taker taker, byte[] frame, List<Length> lengths, int open) {

        boolean isVersion1() {
            return name.startsWith("version 1");
        }

        boolean isTakenBy(Taker server) {
            return taker == Taker.BOTH || taker == server;
        }
    }

    static List<Request> all() {
        return List.of(
                request(
                        "hello",
                        Taker.BOTH,
                        RawPeer.bytes(out -> Hello.anonymous().encode(out, 0)),
                        uint16(24),
                        uint16(26)),
                ofKey(
                        "request",
                        Taker.PROXY,
                        RawPeer.bytes(out ->
                                KvStateRequestCodec.encode(out, 1, BUDGET_MILLIS, StampedState.JOB, NAME, HASH, KEY)),
                        name(44)),
                ofKey("internal request", Taker.STATE_SERVER, RawPeer.bytes(out -> {
                    KvStateInternalRequestCodec.encodeHeader(out, 2, BUDGET_MILLIS, NOBODYS, 3, KEY.length);
                    out.writeBytes(KEY);
                })),
                request(
                        "location request",
                        Taker.PROXY,
                        RawPeer.bytes(out ->
                                new LocationRequest(BUDGET_MILLIS, StampedState.JOB, StampedState.NAME).encode(out, 3)),
                        name(40)),
                request("ping", Taker.BOTH, RawPeer.bytes(out -> Frames.writeEmpty(out, MessageType.PING, 4))),
                request("catalogue request", Taker.PROXY, RawPeer.bytes(out -> new CatalogueRequest(BUDGET_MILLIS)
                        .encode(out, 5))),
                request(
                        "batch request",
                        Taker.PROXY,
                        RawPeer.bytes(out -> {
                            KvStateBatchRequestCodec.encodeHeader(
                                    out, 6, BUDGET_MILLIS, StampedState.JOB, NAME, BatchKeys.encodedSize(KEY.length));
                            BatchKeys.encode(out, 0, HASH, KEY);
                        }),
                        name(40),
                        key(42 + NAME.length + 6)),
                request(
                        "internal batch request",
                        Taker.STATE_SERVER,
                        RawPeer.bytes(out -> {
                            KvStateInternalBatchRequestCodec.encodeHeader(
                                    out, 7, BUDGET_MILLIS, NOBODYS, BatchKeys.encodedSize(KEY.length));
                            BatchKeys.encode(out, 0, 3, KEY);
                        }),
                        key(40 + 6)),
                request(
                        "version 1 request",
                        Taker.PROXY,
                        RawPeer.bytes(
                                out -> KvStateRequestCodec.encodeVersion1(out, 8, StampedState.JOB, NAME, HASH, KEY)),
                        new Length(36, Integer.BYTES, Frames.MAX_STATE_NAME_BYTES),
                        key(44 + NAME.length)),
                request(
                        "version 1 internal request",
                        Taker.STATE_SERVER,
                        RawPeer.bytes(out -> {
                            KvStateInternalRequestCodec.encodeVersion1Header(out, 9, NOBODYS, KEY.length);
                            out.writeBytes(KEY);
                        }),
                        key(36)));
    }

    /** The same as frames. */
    static List<byte[]> frames() {
        return all().stream().map(Request::frame).toList();
    }

    private static Request request(String name, Taker taker, byte[] frame, Length... lengths) {
        return new Request(name, taker, frame, withFrame(lengths), frame.length);
    }

    /** One that ends with a key, whose length only the frame tells. */
    private static Request ofKey(String name, Taker taker, byte[] frame, Length... lengths) {
        return new Request(name, taker, frame, withFrame(lengths), frame.length - KEY.length);
    }

    private static List<Length> withFrame(Length... others) {
        List<Length> lengths = new ArrayList<>(List.of(others));
        lengths.add(0, Length.OF_FRAME);
        return List.copyOf(lengths);
    }

    private static Length uint16(int offset) {
        return new Length(offset, Short.BYTES, MAX_TOKEN_BYTES);
    }

    private static Length name(int offset) {
        return new Length(offset, Short.BYTES, Frames.MAX_STATE_NAME_BYTES);
    }

    private static Length key(int offset) {
        return new Length(offset, Integer.BYTES, Frames.MAX_KEY_BYTES);
    }
}
