package io.queryablestate.network;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deadlines of one event loop, in a wheel of {@value #SLOTS} slots of {@value #TICK_MILLIS} ms. Adding and removing
 * an entry relinks a list; a timer runs only while there are entries. An entry expires in the tick after its deadline,
 * never before it; one that lies more than a turn ahead stays in its slot until its turn has come.
 *
 * <p>All methods are called on the event loop.
 */
public final class DeadlineWheel implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(DeadlineWheel.class);

    static final int SLOTS = 256;
    static final long TICK_MILLIS = 10;

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);

    private final EventExecutor loop;
    private final Ticker ticker;
    private final Ring[] slots = new Ring[SLOTS];
    private final Ring due = new Ring();
    private final long origin;
    private long nextTick;
    private int size;
    private boolean ticking;

    /** An empty wheel. */
    public DeadlineWheel(EventExecutor loop) {
        this.loop = loop;
        this.ticker = loop.ticker();
        this.origin = nanoTime();
        for (int i = 0; i < SLOTS; i++) {
            slots[i] = new Ring();
        }
    }

    /** The clock of the event loop, in nanoseconds: that of {@link System#nanoTime()}, unless a test drives it. */
    public long nanoTime() {
        // Netty counts from the time when it was loaded.
        return ticker.initialNanoTime() + ticker.nanoTime();
    }

    /** How many entries there are. */
    public int size() {
        return size;
    }

    /** Adds an entry that is in no wheel. */
    public void add(Deadline entry) {
        if (entry.wheel != null) {
            throw new IllegalStateException("already in a wheel: " + entry);
        }
        entry.wheel = this;
        if (!ticking) {
            ticking = true;
            nextTick = tickOf(nanoTime());
            loop.schedule(this, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
        slots[slotOf(Math.max(tickOf(entry.deadlineNanos()), nextTick))].append(entry);
        size++;
    }

    /** Removes an entry; does nothing if it is in no wheel. */
    public void remove(Deadline entry) {
        if (entry.wheel == this) {
            Ring.unlink(entry);
            entry.wheel = null;
            size--;
        }
    }

    /** All entries, as they are now. For rare events: it allocates a list. */
    public List<Deadline> entries() {
        List<Deadline> entries = new ArrayList<>(size);
        for (Ring slot : slots) {
            for (Deadline entry = slot.first(); entry != null; entry = slot.after(entry)) {
                entries.add(entry);
            }
        }
        return entries;
    }

    /** One tick: ends what is due. Scheduled by the wheel itself. */
    @Override
    public void run() {
        long now = nanoTime();
        long last = tickOf(now) - 1;
        // After a stall of more than one turn each slot is visited once.
        long first = Math.max(nextTick, last - SLOTS + 1);
        nextTick = Math.max(nextTick, last + 1);
        for (long tick = first; tick <= last; tick++) {
            collectDue(slots[slotOf(tick)], now);
        }
        for (Deadline entry = due.first(); entry != null; entry = due.first()) {
            remove(entry);
            expire(entry);
        }
        ticking = size > 0;
        if (ticking) {
            loop.schedule(this, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private static void expire(Deadline entry) {
        try {
            entry.deadlineExpired();
        } catch (RuntimeException e) {
            // The other deadlines of the loop must not end with this one.
            LOG.warn("A deadline was not handled", e);
        }
    }

    /** Moves due entries to a ring of their own, since what ends one of them may end others too. */
    private void collectDue(Ring slot, long now) {
        Deadline entry = slot.first();
        while (entry != null) {
            Deadline following = slot.after(entry);
            if (entry.deadlineNanos() - now <= 0) {
                Ring.unlink(entry);
                due.append(entry);
            }
            entry = following;
        }
    }

    private long tickOf(long nanos) {
        return Math.floorDiv(nanos - origin, TICK_NANOS);
    }

    private static int slotOf(long tick) {
        return (int) (tick & (SLOTS - 1));
    }

    /** A ring of entries with a head that is none. */
    private static final class Ring extends Deadline {

        Ring() {
            super(0);
            previous = this;
            next = this;
        }

        @Nullable
        Deadline first() {
            return after(this);
        }

        @Nullable
        Deadline after(Deadline entry) {
            return entry.next == this ? null : entry.next;
        }

        void append(Deadline entry) {
            Deadline tail = linked(previous);
            entry.previous = tail;
            entry.next = this;
            tail.next = entry;
            previous = entry;
        }

        static void unlink(Deadline entry) {
            Deadline before = linked(entry.previous);
            Deadline after = linked(entry.next);
            before.next = after;
            after.previous = before;
            entry.previous = null;
            entry.next = null;
        }

        private static Deadline linked(@Nullable Deadline entry) {
            if (entry == null) {
                throw new IllegalStateException("an entry that is in no ring");
            }
            return entry;
        }

        @Override
        protected void deadlineExpired() {
            throw new IllegalStateException("the head of a ring does not expire");
        }
    }
}
