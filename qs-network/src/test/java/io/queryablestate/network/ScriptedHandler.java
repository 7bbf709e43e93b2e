package io.queryablestate.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.QueryableStateException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** A server's end of a connection that does with each request what the request says. */
final class ScriptedHandler extends AbstractServerHandler {

    private static final int LARGE = 100_000;

    /** Requests left under way, in the order in which they came; includes those that have ended since. */
    final List<Exchange> kept = new ArrayList<>();

    private final Executor others;

    ScriptedHandler(ServerConnections server, EventLoopContext context, Executor others) {
        super(server, context);
        this.others = others;
    }

    @Override
    protected boolean handleRequest(MessageType type, long requestId, ByteBuf in, int frame, int frameEnd) {
        if (type != MessageType.KV_STATE_REQUEST) {
            return false;
        }
        begin(requestId, in, frame, frameEnd);
        return true;
    }

    @Override
    protected void handleVersion1Request(long requestId, ByteBuf in, int frame, int frameEnd) {
        begin(requestId, in, frame, frameEnd);
    }

    int underWay() {
        return inFlight();
    }

    private void begin(long requestId, ByteBuf in, int frame, int frameEnd) {
        int body = frame + Frames.BODY_OFFSET;
        Script script = Script.of(in.getByte(body));
        int keyOffset = body + 1 + Integer.BYTES;
        byte[] key = ByteBufUtil.getBytes(in, keyOffset, frameEnd - keyOffset);
        if (script == Script.REFUSE) {
            throw new QueryableStateException(ErrorCode.BAD_REQUEST, "refused");
        }
        if (script == Script.THROW) {
            throw new IllegalStateException("expected");
        }
        Exchange exchange = new Exchange(requestId, in.getInt(body + 1), key);
        switch (script) {
            case ECHO -> exchange.answer();
            case ECHO_LARGE -> exchange.answer(LARGE);
            case ABSENT -> exchange.absent();
            case FAIL -> exchange.fail(new Failure(ErrorCode.UNKNOWN_JOB, "asked for"));
            case MESSAGE ->
                exchange.message((out, id) -> {
                    Frames.writeHeader(out, MessageType.CATALOGUE, 0, id, 10_000);
                    out.writeZero(10_000);
                });
            case BAD_MESSAGE -> {
                open(exchange);
                exchange.message((out, id) -> {
                    throw new QueryableStateException(ErrorCode.STATE_FAILED, "too long");
                });
            }
            case ECHO_LATER -> {
                open(exchange);
                others.execute(() -> context().loop().execute(exchange::answer));
            }
            default -> {
                kept.add(exchange);
                open(exchange);
            }
        }
    }

    final class Exchange extends ServerExchange {
        final byte[] key;
        int ends;
        private boolean working;

        Exchange(long requestId, int budgetMillis, byte[] key) {
            super(ScriptedHandler.this, requestId, budgetMillis);
            this.key = key;
        }

        void answer() {
            value(key);
        }

        void answer(int bytes) {
            value(new byte[bytes]);
        }

        void answerAbsent() {
            absent();
        }

        void beginWork() {
            working = true;
        }

        void endWork() {
            working = false;
            workEnded();
        }

        @Override
        protected boolean isWorkUnderWay() {
            return working;
        }

        @Override
        protected void onEnd() {
            ends++;
        }
    }
}
