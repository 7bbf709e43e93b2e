package io.queryablestate.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.messages.Failure;
import io.queryablestate.network.Call;
import java.util.Objects;

/** A read of one key over a connection, without what the client library does beside. */
abstract class ReadCall implements Call {

    private final long key;
    private final KeyReader.Answer answer;

    ReadCall(long key, KeyReader.Answer answer) {
        this.key = key;
        this.answer = answer;
    }

    final long key() {
        return key;
    }

    @Override
    public final void onValue(ByteBuf in, int offset, int length) {
        byte[] bytes = ByteBufUtil.getBytes(in, offset, length);
        answer.value(Objects.requireNonNull(Serializers.deserialize(Serializers.BYTES, bytes)));
    }

    @Override
    public final void onAbsent() {
        answer.failure(new IllegalStateException("no value for key " + key));
    }

    @Override
    public final void onFailure(Failure failure) {
        answer.failure(new IllegalStateException(failure.toString()));
    }

    @Override
    public final void onConnectionFailure(Failure failure) {
        onFailure(failure);
    }
}
