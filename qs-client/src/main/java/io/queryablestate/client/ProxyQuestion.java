package io.queryablestate.client;

import io.netty.buffer.ByteBuf;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.network.FrameOutput;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A question that the proxy itself answers: where is a state, which states are there. Version 1 has none.
 *
 * @param <R> the answer
 */
final class ProxyQuestion<R> extends ClientCall<R> {

    private static final int TYPICAL_BYTES = 256;

    private final Encoder encoder;
    private final MessageType answerType;
    private final Function<ByteBuf, R> decoder;
    private final @Nullable ServerAddress proxy;

    ProxyQuestion(
            ClientLoop loop,
            long timeoutNanos,
            Encoder encoder,
            MessageType answerType,
            Function<ByteBuf, R> decoder,
            @Nullable ServerAddress proxy) {
        super(loop, timeoutNanos);
        this.encoder = encoder;
        this.answerType = answerType;
        this.decoder = decoder;
        this.proxy = proxy;
    }

    @Override
    @Nullable
    ServerAddress fixedProxy() {
        return proxy;
    }

    @Override
    public void encode(FrameOutput out, long requestId, boolean version1) {
        if (version1) {
            throw new QueryableStateException(
                    ErrorCode.BAD_REQUEST, "the proxy speaks version 1 only, which has no such question");
        }
        encoder.encode(out.reserve(TYPICAL_BYTES), requestId, remainingMillis());
    }

    @Override
    public void onMessage(MessageType type, ByteBuf body) {
        if (type != answerType) {
            super.onMessage(type, body);
            return;
        }
        R answer;
        try {
            answer = decoder.apply(body);
        } catch (QueryableStateException e) {
            onFailure(new Failure(ErrorCode.PROTOCOL_VIOLATION, e.text(), true));
            return;
        }
        succeed(() -> answer);
    }

    @Override
    R decode(byte[] value) {
        throw notAValue();
    }

    @Override
    R absent() {
        throw notAValue();
    }

    private static QueryableStateException notAValue() {
        return new QueryableStateException(ErrorCode.PROTOCOL_VIOLATION, "the answer to another question");
    }

    /** Writes the question. */
    @FunctionalInterface
    interface Encoder {
        void encode(ByteBuf out, long requestId, int budgetMillis);
    }
}
