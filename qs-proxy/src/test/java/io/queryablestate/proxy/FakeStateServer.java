package io.queryablestate.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.queryablestate.messages.BatchKeys;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.FlinkFailureEncoder;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.KvStateBatchAnswerCodec;
import io.queryablestate.messages.KvStateId;
import io.queryablestate.messages.KvStateInternalBatchRequestCodec;
import io.queryablestate.messages.KvStateInternalRequestCodec;
import io.queryablestate.messages.KvStateResultCodec;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.messages.Welcome;
import io.queryablestate.testsupport.FrameServer;
import io.queryablestate.testsupport.FrameSocket;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** A state server that answers as a test says, in one of the two versions. */
final class FakeStateServer implements AutoCloseable {

    private static final FlinkFailureEncoder FAILURES = new FlinkFailureEncoder("fake state server");

    private final boolean version1;
    private final Script script;
    private final FrameServer server;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Long> cancelled = new CopyOnWriteArrayList<>();

    /** What is done about a request. Runs on the thread of its connection. */
    @FunctionalInterface
    interface Script {
        void answer(Request request) throws IOException;
    }

    private FakeStateServer(boolean version1, int port, Script script) throws IOException {
        this.version1 = version1;
        this.script = script;
        this.server = new FrameServer(port, this::serve);
    }

    static FakeStateServer version(int version, Script script) throws IOException {
        return new FakeStateServer(version == 1, 0, script);
    }

    /** One on the port that another has left. */
    static FakeStateServer on(ServerAddress address, Script script) throws IOException {
        return new FakeStateServer(false, address.port(), script);
    }

    static FakeStateServer version2(Script script) throws IOException {
        return version(2, script);
    }

    ServerAddress address() {
        return new ServerAddress("127.0.0.1", server.port());
    }

    FrameServer server() {
        return server;
    }

    /** What has arrived so far. */
    List<Request> requests() {
        return requests;
    }

    /** The ids of requests that were cancelled. */
    List<Long> cancelled() {
        return cancelled;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void serve(FrameSocket connection) throws IOException {
        while (true) {
            ByteBuf frame = connection.read();
            if (frame.getInt(Frames.VERSION_OFFSET) == Frames.VERSION_2 && version1) {
                // As Flink's server: the failure of type 3, and the connection stays.
                ByteBuf out = Unpooled.buffer();
                FAILURES.encodeServerFailure(out, new Failure(ErrorCode.BAD_REQUEST, "unexpected magic number"));
                connection.write(out);
            } else if (isOfType(MessageType.CANCEL, frame)) {
                cancelled.add(Frames.requestId(frame, 0));
            } else if (isOfType(MessageType.HELLO, frame)) {
                ByteBuf out = Unpooled.buffer();
                new Welcome(2, "").encode(out, Frames.requestId(frame, 0));
                connection.write(out);
            } else {
                Request request = new Request(frame, version1, connection);
                requests.add(request);
                script.answer(request);
            }
        }
    }

    private static boolean isOfType(MessageType type, ByteBuf frame) {
        return frame.getInt(Frames.VERSION_OFFSET) == Frames.VERSION_2
                && frame.getUnsignedShort(Frames.TYPE_OFFSET) == type.number();
    }

    /** A request as it came, and its answer. */
    static final class Request {

        private final boolean version1;
        private final FrameSocket connection;
        private final long id;
        private final int budgetMillis;
        private final KvStateId kvStateId;
        private final int keyGroup;
        private final byte[] key;
        /** The numbers of the keys; none for a request for a single key. */
        private final List<Integer> numbers;

        Request(ByteBuf frame, boolean version1, FrameSocket connection) {
            if (!version1
                    && frame.getUnsignedShort(Frames.TYPE_OFFSET)
                            == MessageType.KV_STATE_INTERNAL_BATCH_REQUEST.number()) {
                KvStateInternalBatchRequestCodec batch = new KvStateInternalBatchRequestCodec();
                BatchKeys keys = batch.decode(frame, 0, frame.writerIndex());
                this.version1 = false;
                this.connection = connection;
                this.id = Frames.requestId(frame, 0);
                this.budgetMillis = batch.budgetMillis();
                this.kvStateId = batch.kvStateId();
                this.keyGroup = keys.keyGroup(frame, keys.numbers()[0]);
                this.key = new byte[0];
                this.numbers = IntStream.of(keys.numbers()).boxed().toList();
                return;
            }
            this.numbers = List.of();
            KvStateInternalRequestCodec codec = new KvStateInternalRequestCodec();
            if (version1) {
                codec.decodeVersion1(frame, 0, frame.writerIndex());
            } else {
                codec.decode(frame, 0, frame.writerIndex());
            }
            this.version1 = version1;
            this.connection = connection;
            this.id = Frames.requestId(frame, 0);
            this.budgetMillis = codec.budgetMillis();
            this.kvStateId = codec.kvStateId();
            this.keyGroup = codec.keyGroup();
            this.key = ByteBufUtil.getBytes(frame, codec.keyOffset(), codec.keyLength());
        }

        long id() {
            return id;
        }

        int budgetMillis() {
            return budgetMillis;
        }

        KvStateId kvStateId() {
            return kvStateId;
        }

        int keyGroup() {
            return keyGroup;
        }

        byte[] key() {
            return key;
        }

        List<Integer> numbers() {
            return numbers;
        }

        /** Answers some keys of a batch, each with its number as a value of one byte. */
        void values(boolean more, int... answered) throws IOException {
            int itemBytes = KvStateBatchAnswerCodec.VALUE_HEAD_BYTES + 1;
            ByteBuf out = Unpooled.buffer();
            KvStateBatchAnswerCodec.encodeHeader(out, more ? Frames.FLAG_MORE : 0, id, answered.length * itemBytes);
            for (int number : answered) {
                KvStateBatchAnswerCodec.encodeValueHead(out, number, 1);
                out.writeByte(number);
            }
            connection.write(out);
        }

        /** Answers one key of a batch with a failure. */
        void failKey(boolean more, int number, ErrorCode code) throws IOException {
            Failure failure = new Failure(code, "as the test says");
            ByteBuf out = Unpooled.buffer();
            KvStateBatchAnswerCodec.encodeHeader(
                    out, more ? Frames.FLAG_MORE : 0, id, KvStateBatchAnswerCodec.encodedSize(failure));
            KvStateBatchAnswerCodec.encodeFailure(out, number, failure);
            connection.write(out);
        }

        void hangUp() throws IOException {
            connection.close();
        }

        void value(byte[] value) throws IOException {
            ByteBuf out = Unpooled.buffer();
            if (version1) {
                KvStateResultCodec.encodeVersion1Header(out, id, value.length);
            } else {
                KvStateResultCodec.encodeHeader(out, 0, id, value.length);
            }
            connection.write(out.writeBytes(value));
        }

        void absent() throws IOException {
            ByteBuf out = Unpooled.buffer();
            if (version1) {
                FAILURES.encodeAbsentKey(out, id);
            } else {
                Frames.writeEmpty(out, MessageType.ABSENT, id);
            }
            connection.write(out);
        }

        void fail(ErrorCode code) throws IOException {
            ByteBuf out = Unpooled.buffer();
            Failure failure = new Failure(code, "as the test says");
            if (version1) {
                FAILURES.encodeRequestFailure(out, id, failure);
            } else {
                failure.encode(out, id);
            }
            connection.write(out);
        }
    }
}
