package io.queryablestate.network;

import org.jspecify.annotations.Nullable;

/**
 * Something that must have ended by a point in time: an entry of a {@link DeadlineWheel}. The links are part of the entry
 * so that starting and ending one costs neither an allocation nor a search. Used on one event loop only.
 */
public abstract class Deadline {

    @Nullable
    Deadline previous;

    @Nullable
    Deadline next;

    @Nullable
    DeadlineWheel wheel;

    private final long deadlineNanos;

    /**
     * An entry that is in no wheel yet.
     *
     * @param deadlineNanos when it must have ended, on the clock of {@link DeadlineWheel#nanoTime()}
     */
    protected Deadline(long deadlineNanos) {
        this.deadlineNanos = deadlineNanos;
    }

    /** When this must have ended, on the clock of {@link DeadlineWheel#nanoTime()}. */
    public final long deadlineNanos() {
        return deadlineNanos;
    }

    /** The time is up. The entry has left its wheel already. */
    protected abstract void deadlineExpired();
}
