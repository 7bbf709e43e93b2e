package io.queryablestate.network;

import io.netty.buffer.ByteBuf;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.Hello;
import io.queryablestate.messages.KvStateResultCodec;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.Welcome;

/** Answers in version 2. */
final class Version2Answers extends Answers {

    /** Id of a failure that concerns the whole connection, and of what is sent without having been asked for. */
    static final long NO_REQUEST = 0;

    private static final int MAX_CONTROL_BYTES = 512;
    /** Long enough for a full queue to have emptied, short enough to be worth waiting for within a request's time. */
    private static final int OVERLOADED_PAUSE_MILLIS = 100;

    Version2Answers(FrameHandler connection) {
        super(connection);
    }

    @Override
    boolean isDecided() {
        return true;
    }

    @Override
    boolean isVersion2() {
        return true;
    }

    @Override
    void resultHead(ByteBuf out, int flags, long requestId, int valueBytes) {
        KvStateResultCodec.encodeHeader(out, flags, requestId, valueBytes);
    }

    @Override
    void absent(int flags, long requestId) {
        Frames.writeHeader(output().reserve(Frames.BODY_OFFSET), MessageType.ABSENT, flags, requestId, 0);
    }

    @Override
    void failure(long requestId, Failure failure) {
        boolean silentOnPause = failure.code() == ErrorCode.OVERLOADED && failure.pauseMillis() == 0;
        Failure told = silentOnPause ? failure.withPause(OVERLOADED_PAUSE_MILLIS) : failure;
        told.encode(output().reserve(MAX_CONTROL_BYTES), requestId);
    }

    @Override
    void connectionFailure(Failure failure) {
        failure(NO_REQUEST, failure);
    }

    @Override
    void goingAway() {
        Frames.writeEmpty(output().reserve(Frames.BODY_OFFSET), MessageType.GOING_AWAY, NO_REQUEST);
    }

    void welcome(long requestId, String clusterId) {
        new Welcome(Hello.VERSION, clusterId).encode(output().reserve(MAX_CONTROL_BYTES), requestId);
    }

    @Override
    void pong(long requestId) {
        Frames.writeEmpty(output().reserve(Frames.BODY_OFFSET), MessageType.PONG, requestId);
    }
}
