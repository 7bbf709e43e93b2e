package io.queryablestate.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.FlinkFailureEncoder;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KvStateRequestCodec;
import io.queryablestate.messages.KvStateResultCodec;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.messages.Welcome;
import io.queryablestate.testsupport.FrameServer;
import io.queryablestate.testsupport.FrameSocket;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A proxy that answers as a test says, in one of the two versions. */
final class FakeProxy implements AutoCloseable {

    private static final FlinkFailureEncoder FAILURES = new FlinkFailureEncoder("fake proxy");

    private final boolean version1;
    private final Script script;
    private final FrameServer server;
    private final AtomicInteger requests = new AtomicInteger();
    private final List<Long> cancelled = new CopyOnWriteArrayList<>();

    /** What is done about a request. Runs on the thread of its connection. */
    @FunctionalInterface
    interface Script {
        void answer(Request request) throws IOException;
    }

    private FakeProxy(boolean version1, Script script) throws IOException {
        this.version1 = version1;
        this.script = script;
        this.server = new FrameServer(this::serve);
    }

    static FakeProxy version(int version, Script script) throws IOException {
        return new FakeProxy(version == 1, script);
    }

    static FakeProxy answering(Script script) throws IOException {
        return new FakeProxy(false, script);
    }

    ServerAddress address() {
        return addressOf(server);
    }

    static ServerAddress addressOf(FrameServer server) {
        return new ServerAddress("127.0.0.1", server.port());
    }

    FrameServer server() {
        return server;
    }

    /** How many requests have arrived. */
    int requests() {
        return requests.get();
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
            boolean isVersion2 = frame.getInt(Frames.VERSION_OFFSET) == Frames.VERSION_2;
            ByteBuf out = Unpooled.buffer();
            if (isVersion2 && version1) {
                FAILURES.encodeServerFailure(out, new Failure(ErrorCode.BAD_REQUEST, "unexpected magic number"));
                connection.write(out);
            } else if (isVersion2 && frame.getUnsignedShort(Frames.TYPE_OFFSET) == MessageType.CANCEL.number()) {
                cancelled.add(Frames.requestId(frame, 0));
            } else if (isVersion2 && frame.getUnsignedShort(Frames.TYPE_OFFSET) == MessageType.HELLO.number()) {
                new Welcome(2, "").encode(out, Frames.requestId(frame, 0));
                connection.write(out);
            } else {
                requests.incrementAndGet();
                script.answer(new Request(frame, version1, connection));
            }
        }
    }

    /** A request as it came, and its answer. */
    static final class Request {

        private final ByteBuf frame;
        private final boolean version1;
        private final FrameSocket connection;
        private final long id;
        private final KvStateRequestCodec codec = new KvStateRequestCodec();

        Request(ByteBuf frame, boolean version1, FrameSocket connection) {
            this.frame = frame;
            this.version1 = version1;
            this.connection = connection;
            this.id = Frames.requestId(frame, 0);
            if (version1) {
                codec.decodeVersion1(frame, 0, frame.writerIndex());
            } else if (type() == MessageType.KV_STATE_REQUEST) {
                codec.decode(frame, 0, frame.writerIndex());
            }
        }

        @Nullable
        MessageType type() {
            return MessageType.ofNumber(frame.getUnsignedShort(Frames.TYPE_OFFSET));
        }

        long id() {
            return id;
        }

        int flags() {
            return Frames.flags(frame, 0);
        }

        JobId jobId() {
            return codec.jobId();
        }

        String stateName() {
            return codec.stateName(frame);
        }

        int budgetMillis() {
            return codec.budgetMillis();
        }

        int keyHashCode() {
            return codec.keyHashCode();
        }

        byte[] key() {
            return ByteBufUtil.getBytes(frame, codec.keyOffset(), codec.keyLength());
        }

        ByteBuf body() {
            return frame.slice(Frames.BODY_OFFSET, frame.writerIndex() - Frames.BODY_OFFSET);
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
            fail(new Failure(code, "as the test says"));
        }

        void fail(Failure failure) throws IOException {
            ByteBuf out = Unpooled.buffer();
            if (version1) {
                FAILURES.encodeRequestFailure(out, id, failure);
            } else {
                failure.encode(out, id);
            }
            connection.write(out);
        }

        void message(BiConsumer<ByteBuf, Long> encoder) throws IOException {
            ByteBuf out = Unpooled.buffer();
            encoder.accept(out, id);
            connection.write(out);
        }

        void goingAway() throws IOException {
            message((out, ignored) -> Frames.writeEmpty(out, MessageType.GOING_AWAY, 0));
        }

        void hangUp() throws IOException {
            connection.close();
        }
    }
}
