package io.queryablestate.network;

import io.netty.buffer.ByteBuf;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.FlinkFailureEncoder;
import io.queryablestate.messages.KvStateResultCodec;

/** Answers in version 1, to Flink's own clients and proxies: answers only, never anything they have not asked for. */
final class Version1Answers extends Answers {

    /** Failures have 300 to 430 bytes; the buffer grows for one that has more. */
    private static final int TYPICAL_FAILURE_BYTES = 512;

    private final FlinkFailureEncoder failures;

    Version1Answers(FrameHandler connection, FlinkFailureEncoder failures) {
        super(connection);
        this.failures = failures;
    }

    @Override
    boolean isDecided() {
        return true;
    }

    @Override
    boolean isVersion2() {
        return false;
    }

    @Override
    void resultHead(ByteBuf out, int flags, long requestId, int valueBytes) {
        KvStateResultCodec.encodeVersion1Header(out, requestId, valueBytes);
    }

    @Override
    void absent(int flags, long requestId) {
        failures.encodeAbsentKey(output().reserve(TYPICAL_FAILURE_BYTES), requestId);
    }

    @Override
    void failure(long requestId, Failure failure) {
        failures.encodeRequestFailure(output().reserve(TYPICAL_FAILURE_BYTES), requestId, failure);
    }

    @Override
    void connectionFailure(Failure failure) {
        failures.encodeServerFailure(output().reserve(TYPICAL_FAILURE_BYTES), failure);
    }

    @Override
    void pong(long requestId) {
        throw new IllegalStateException("version 1 has no ping");
    }

    @Override
    void goingAway() {
        // Version 1 has no word for it, and its clients close a connection on any frame they do not expect.
    }
}
