package io.queryablestate.proxy;

import io.queryablestate.messages.ErrorCode;

/**
 * How large the answers to one client are, going by those it has had, and so how many of them may be under way at a time: as
 * many as make up a mebibyte or come nearest to it, and one in any case. Answers of all clients of an event loop come over the same connection to
 * a state server, one behind the other; a thousand large ones that one client has asked for would stand before the small ones
 * of everybody else. The client's further requests are left unread meanwhile. Up to a kibibyte on average this limits
 * nothing, since no client has more than a thousand requests under way.
 */
final class ExpectedAnswers {

    private static final int MAX_BYTES = 1024 * 1024;
    /** For a client that has had no answer yet. */
    private static final int FIRST_GUESS_BYTES = 16 * 1024;
    /** What a new answer counts, in comparison with all before it. */
    private static final int WEIGHT = 8;

    private int averageBytes = FIRST_GUESS_BYTES;
    private int limit = MAX_BYTES / FIRST_GUESS_BYTES;
    private boolean known;
    /** Also of a client that has just come. */
    private boolean answeredLately = true;

    /** How many answers may be under way. */
    int limit() {
        return limit;
    }

    /** A state server has answered, with so many bytes for a key. */
    void answered(int bytes) {
        answeredLately = true;
        int change = known ? (bytes - averageBytes) / WEIGHT : bytes - averageBytes;
        known = true;
        if (change != 0) {
            expect(averageBytes + change);
        }
    }

    /** A state server has failed a request. If it had no room, nobody knows how large the answer is, least of all that it is small. */
    void failed(ErrorCode code) {
        if (code == ErrorCode.OVERLOADED) {
            answeredLately = true;
        } else {
            answered(0);
        }
    }

    /**
     * A second has passed in which requests were left unread. If nothing was answered in it, nothing is in anybody's way: what
     * the client waits for is slow and not large, and more of its requests are let through.
     */
    void secondHasPassed() {
        if (!answeredLately) {
            expect(averageBytes / 2);
        }
        answeredLately = false;
    }

    private void expect(int bytes) {
        averageBytes = bytes;
        // The nearest: four values of a quarter of it are a little more, with their heads.
        limit = Math.max(1, Math.round((float) MAX_BYTES / Math.max(1, bytes)));
    }
}
