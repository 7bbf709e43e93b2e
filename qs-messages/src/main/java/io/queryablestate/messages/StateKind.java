package io.queryablestate.messages;

/** The kinds of keyed state, with their numbers on the wire. */
public enum StateKind {
    VALUE(1),
    LIST(2),
    MAP(3),
    REDUCING(4),
    AGGREGATING(5);

    private final int number;

    StateKind(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    static StateKind ofNumber(int number) {
        for (StateKind kind : values()) {
            if (kind.number == number) {
                return kind;
            }
        }
        throw Frames.badRequest("unknown state kind " + number);
    }
}
