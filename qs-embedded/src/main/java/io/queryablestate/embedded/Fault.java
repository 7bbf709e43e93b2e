package io.queryablestate.embedded;

import java.time.Duration;

/** What a {@link FaultProxy} does to the connections that go through it. */
public sealed interface Fault {

    /** The way that bytes take. */
    enum Direction {
        /** From the client to the server. */
        REQUESTS,
        /** From the server to the client. */
        ANSWERS
    }

    /** How a connection ends. */
    enum Ending {
        /** With a reset, as when a process dies. */
        RESET,
        /** In good order, as when a process closes a socket. */
        CLOSE,
        /** One direction only: the client is told that no more answers come, and may go on sending. */
        HALF_CLOSE
    }

    /** Nothing is wrong. */
    record None() implements Fault {}

    /** Nobody listens: connections are refused, and those that are open are reset. */
    record Refuse() implements Fault {}

    /**
     * The port listens but accepts nobody, and its queue is full: connecting hangs. Open connections are reset. Needs a
     * system that lets a full queue drop connection attempts, as Linux does.
     */
    record NeverAccept() implements Fault {}

    /** Connections are accepted, what they send is dropped and never answered. Open connections are reset. */
    record Silence() implements Fault {}

    /**
     * Each connection ends after some bytes in one direction, counted from the moment of the fault.
     *
     * @param afterBytes how many bytes still pass
     */
    record Cut(Direction direction, int afterBytes, Ending ending) implements Fault {
        public Cut {
            if (afterBytes < 0) {
                throw new IllegalArgumentException("a connection is cut after 0 bytes or more, got " + afterBytes);
            }
        }
    }

    /**
     * Both directions are slow.
     *
     * @param bytes how many bytes pass in each interval, at least 1
     * @param interval at least 1 ms
     */
    record Throttle(int bytes, Duration interval) implements Fault {
        public Throttle {
            if (bytes < 1 || interval.toMillis() < 1) {
                throw new IllegalArgumentException(bytes + " bytes each " + interval + ", expected at least 1 each ms");
            }
        }
    }

    /** Everything comes later, by a random time within the two bounds, and in order. */
    record Delay(Duration least, Duration most) implements Fault {
        public Delay {
            if (least.isNegative() || most.compareTo(least) < 0) {
                throw new IllegalArgumentException("a delay of " + least + " to " + most);
            }
        }
    }

    /** Bytes arrive in other pieces than they were sent in: split and merged at random, in order. */
    record Chop() implements Fault {}

    /** One bit of each piece of a direction arrives the wrong way round. */
    record FlipBits(Direction direction) implements Fault {}

    /** Each answer comes twice. */
    record Duplicate() implements Fault {}

    /** Answers overtake each other: each second one waits for the next, 20 ms at most. */
    record Reorder() implements Fault {}

    /** Before each answer comes a copy of it under a request id that nobody has used. */
    record UnknownIds() implements Fault {}

    /**
     * Answers come late, each as long after it was sent; those behind are not held up by it.
     *
     * @param by how late
     */
    record Late(Duration by) implements Fault {}
}
