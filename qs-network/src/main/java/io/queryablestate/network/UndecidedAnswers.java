package io.queryablestate.network;

import io.netty.buffer.ByteBuf;
import io.queryablestate.messages.Failure;

/** What a peer is told that has not shown which version it speaks: nothing but why its connection ends, in version 2. */
final class UndecidedAnswers extends Answers {

    UndecidedAnswers(FrameHandler connection) {
        super(connection);
    }

    @Override
    boolean isDecided() {
        return false;
    }

    @Override
    boolean isVersion2() {
        return false;
    }

    @Override
    void resultHead(ByteBuf out, int flags, long requestId, int valueBytes) {
        throw undecided();
    }

    @Override
    void absent(int flags, long requestId) {
        throw undecided();
    }

    @Override
    void failure(long requestId, Failure failure) {
        throw undecided();
    }

    @Override
    void pong(long requestId) {
        throw undecided();
    }

    @Override
    void connectionFailure(Failure failure) {
        new Version2Answers(connection()).connectionFailure(failure);
    }

    @Override
    void goingAway() {
        // The peer learns of it when it has said hello.
    }

    private static IllegalStateException undecided() {
        return new IllegalStateException("nothing has been asked on this connection");
    }
}
