package io.queryablestate.proxy;

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
import io.queryablestate.messages.KvStateBatchRequestCodec;
import io.queryablestate.messages.KvStateRequestCodec;
import io.queryablestate.messages.KvStateResultCodec;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.routing.LocationKey;
import io.queryablestate.testsupport.FrameSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A client of the proxy that writes and reads single frames, in one of the two versions. */
final class RawClient implements AutoCloseable {

    private final FrameSocket socket;
    private final boolean version1;
    private long lastId;

    private RawClient(FrameSocket socket, boolean version1) throws IOException {
        this.socket = socket;
        this.version1 = version1;
        if (!version1) {
            ByteBuf hello = Unpooled.buffer();
            Hello.anonymous().encode(hello, 0);
            socket.write(hello);
            socket.read();
        }
    }

    static RawClient version(int version, ServerAddress proxy) throws IOException {
        return new RawClient(FrameSocket.connect(proxy.port()), version == 1);
    }

    static RawClient version2(ServerAddress proxy) throws IOException {
        return version(2, proxy);
    }

    /** One that hardly buffers what it does not read. */
    static RawClient slow(ServerAddress proxy) throws IOException {
        return new RawClient(FrameSocket.connect(proxy.port(), 4096), false);
    }

    /** Sends a request for the usual state. */
    long ask(byte[] key, int keyHashCode, int budgetMillis) throws IOException {
        return ask(Locations.KEY, key, keyHashCode, budgetMillis);
    }

    long ask(LocationKey state, byte[] key, int keyHashCode, int budgetMillis) throws IOException {
        ByteBuf out = Unpooled.buffer();
        byte[] name = state.stateName().getBytes(StandardCharsets.UTF_8);
        long id = ++lastId;
        if (version1) {
            KvStateRequestCodec.encodeVersion1(out, id, state.jobId(), name, keyHashCode, key);
        } else {
            KvStateRequestCodec.encode(out, id, budgetMillis, state.jobId(), name, keyHashCode, key);
        }
        socket.write(out);
        return id;
    }

    /** Sends a batch for the usual state: keys numbered from 0, each its number in one byte, with these hashes. */
    long askAll(int budgetMillis, int... keyHashCodes) throws IOException {
        byte[] name = Locations.STATE.getBytes(StandardCharsets.UTF_8);
        ByteBuf out = Unpooled.buffer();
        long id = ++lastId;
        int keysBytes = keyHashCodes.length * BatchKeys.encodedSize(1);
        KvStateBatchRequestCodec.encodeHeader(out, id, budgetMillis, Locations.JOB, name, keysBytes);
        for (int i = 0; i < keyHashCodes.length; i++) {
            BatchKeys.encode(out, i, keyHashCodes[i], new byte[] {(byte) i});
        }
        socket.write(out);
        return id;
    }

    /** Reads the answer to a batch to its end: such as {@code 0=00}, {@code 1 ABSENT}, {@code 2 OVERLOADED}. */
    List<String> readAll() throws IOException {
        List<String> items = new ArrayList<>();
        boolean more = true;
        while (more) {
            ByteBuf frame = socket.read();
            MessageType type = MessageType.ofNumber(frame.getUnsignedShort(Frames.TYPE_OFFSET));
            if (type == MessageType.FAILURE) {
                items.add("the rest "
                        + Failure.decode(frame, 0, frame.writerIndex()).code());
                more = false;
            } else {
                more = (Frames.flags(frame, 0) & Frames.FLAG_MORE) != 0;
                addItems(frame.skipBytes(Frames.BODY_OFFSET), items);
            }
        }
        return items;
    }

    private static void addItems(ByteBuf body, List<String> items) {
        KvStateBatchAnswerCodec codec = new KvStateBatchAnswerCodec();
        codec.start(body);
        while (codec.next(body)) {
            items.add(codec.number()
                    + switch (codec.outcome()) {
                        case VALUE -> "=" + ByteBufUtil.hexDump(body, codec.valueOffset(), codec.valueLength());
                        case ABSENT -> " ABSENT";
                        case FAILURE ->
                            " " + codec.failure(body).code()
                                    + (codec.failure(body).isFinal() ? " for good" : "");
                    });
        }
    }

    void send(ByteBuf frame) throws IOException {
        socket.write(frame);
    }

    /** Sends a request and waits for its answer. */
    Answer get(byte[] key) throws IOException {
        ask(key, 4711, 5_000);
        return read();
    }

    /** Waits for the next answer. */
    Answer read() throws IOException {
        ByteBuf frame = socket.read();
        int end = frame.writerIndex();
        return version1 ? version1(frame, end) : version2(frame, end);
    }

    private static Answer version1(ByteBuf frame, int end) {
        long id = Frames.requestId(frame, 0);
        return switch (frame.getInt(Frames.TYPE_OFFSET)) {
            case Frames.V1_RESULT -> new Answer(id, MessageType.RESULT, value(frame, end), null, false);
            case Frames.V1_REQUEST_FAILURE -> {
                Optional<Failure> failure = FlinkFailureDecoder.decode(frame, Frames.BODY_OFFSET, end);
                yield failure.isPresent()
                        ? new Answer(id, MessageType.FAILURE, new byte[0], failure.get(), false)
                        : new Answer(id, MessageType.ABSENT, new byte[0], null, false);
            }
            default -> throw new AssertionError("unexpected " + ByteBufUtil.hexDump(frame));
        };
    }

    private static Answer version2(ByteBuf frame, int end) {
        long id = Frames.requestId(frame, 0);
        MessageType type = MessageType.ofNumber(frame.getUnsignedShort(Frames.TYPE_OFFSET));
        if (type == null) {
            throw new AssertionError("unexpected " + ByteBufUtil.hexDump(frame));
        }
        byte[] body = type == MessageType.RESULT
                ? value(frame, end)
                : ByteBufUtil.getBytes(frame, Frames.BODY_OFFSET, end - Frames.BODY_OFFSET);
        return new Answer(
                id,
                type,
                body,
                type == MessageType.FAILURE ? Failure.decode(frame, 0, end) : null,
                (Frames.flags(frame, 0) & Frames.FLAG_LOCATION_STALE) != 0);
    }

    private static byte[] value(ByteBuf frame, int end) {
        return ByteBufUtil.getBytes(frame, KvStateResultCodec.HEADER_BYTES, KvStateResultCodec.decode(frame, 0, end));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** One frame from the proxy. */
    static final class Answer {

        private final long id;
        private final MessageType type;
        private final byte[] body;
        private final @Nullable Failure failure;
        private final boolean locationStale;

        Answer(long id, MessageType type, byte[] body, @Nullable Failure failure, boolean locationStale) {
            this.id = id;
            this.type = type;
            this.body = body;
            this.failure = failure;
            this.locationStale = locationStale;
        }

        long id() {
            return id;
        }

        MessageType type() {
            return type;
        }

        /** The value of a result, else what follows the header. */
        byte[] body() {
            return body;
        }

        @Nullable
        ErrorCode code() {
            return failure == null ? null : failure.code();
        }

        /** Whether it says that the location by which the request came is out of date. */
        boolean isLocationStale() {
            return locationStale;
        }

        /** The failure that it must be. */
        Failure failure() {
            if (failure == null) {
                throw new AssertionError("not a failure but " + type);
            }
            return failure;
        }
    }
}
