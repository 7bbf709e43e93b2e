package io.queryablestate.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.QueryableStateException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A request to {@link ScriptedHandler} whose answer can be waited for, and which notices a second one. */
final class TestCall implements Call {

    /** How a call ended. */
    static final class Outcome {
        private final byte[] value;
        private final Failure failure;
        private final boolean connectionFailure;

        Outcome(byte[] value, Failure failure, boolean connectionFailure) {
            this.value = value;
            this.failure = failure;
            this.connectionFailure = connectionFailure;
        }

        byte[] value() {
            return value;
        }

        Failure failure() {
            return failure;
        }

        boolean isConnectionFailure() {
            return connectionFailure;
        }

        boolean isValue() {
            return failure.equals(NONE);
        }

        ErrorCode code() {
            return failure.code();
        }
    }

    private static final Failure NONE = new Failure(ErrorCode.CLIENT_CLOSED, "");

    final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final AtomicInteger answered = new AtomicInteger();
    volatile boolean sending;
    volatile boolean answeredWhileSending;

    private final Script script;
    private final byte[] key;

    TestCall(Script script, byte... key) {
        this.script = script;
        this.key = key;
    }

    @Override
    public void encode(FrameOutput out, long requestId, boolean version1) {
        if (script == Script.THROW) {
            throw new QueryableStateException(ErrorCode.BAD_REQUEST, "cannot be written");
        }
        int body = 1 + Integer.BYTES + key.length;
        ByteBuf frame = out.reserve(Frames.BODY_OFFSET + body);
        if (version1) {
            Frames.writeVersion1Header(frame, Frames.V1_REQUEST, requestId, body);
        } else {
            Frames.writeHeader(frame, MessageType.KV_STATE_REQUEST, 0, requestId, body);
        }
        frame.writeByte(script.letter).writeInt(60_000).writeBytes(key);
    }

    @Override
    public void onValue(ByteBuf in, int offset, int length) {
        end(new Outcome(ByteBufUtil.getBytes(in, offset, length), NONE, false));
    }

    @Override
    public void onAbsent() {
        end(new Outcome(new byte[0], NONE, false));
    }

    @Override
    public void onMessage(MessageType type, ByteBuf body) {
        end(new Outcome(ByteBufUtil.getBytes(body), NONE, false));
    }

    @Override
    public void onFailure(Failure failure) {
        end(new Outcome(new byte[0], failure, false));
    }

    @Override
    public void onConnectionFailure(Failure failure) {
        end(new Outcome(new byte[0], failure, true));
    }

    /** How many times it ended. */
    int answers() {
        return answered.get();
    }

    /** How it ended, waiting at most ten seconds. */
    Outcome await() throws Exception {
        return outcome.get(10, TimeUnit.SECONDS);
    }

    private void end(Outcome ended) {
        answered.incrementAndGet();
        answeredWhileSending |= sending;
        outcome.complete(ended);
    }
}
