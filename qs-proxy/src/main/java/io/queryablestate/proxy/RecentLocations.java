package io.queryablestate.proxy;

import io.netty.buffer.ByteBuf;
import io.queryablestate.messages.RequestedState;
import io.queryablestate.routing.CachedLocation;
import io.queryablestate.routing.LocationCache;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The few locations that one event loop used last, found by the bytes of a request without decoding or allocating. In
 * front of the {@link LocationCache}; what is marked stale there is not found here. Belongs to one event loop.
 */
final class RecentLocations {

    private static final int SLOTS = 16;

    private final @Nullable CachedLocation[] slots = new CachedLocation[SLOTS];
    private int lastHit;
    private int nextVictim;

    @Nullable
    CachedLocation find(RequestedState request, ByteBuf in) {
        for (int i = 0; i < SLOTS; i++) {
            int slot = (lastHit + i) & (SLOTS - 1);
            CachedLocation candidate = slots[slot];
            if (candidate != null && candidate.isFor(request, in)) {
                if (!candidate.isStale()) {
                    lastHit = slot;
                    return candidate;
                }
                slots[slot] = null;
            }
        }
        return null;
    }

    /** Adds a location that a lookup has brought; everybody who has joined the lookup brings the same one. */
    void add(CachedLocation location) {
        forgetStale();
        if (!location.isStale() && !Arrays.asList(slots).contains(location)) {
            nextVictim = (nextVictim + 1) & (SLOTS - 1);
            slots[nextVictim] = location;
            lastHit = nextVictim;
        }
    }

    /** Lets go of what is stale, asked for again or not: nobody asks for a job that has ended. */
    void forgetStale() {
        for (int slot = 0; slot < SLOTS; slot++) {
            CachedLocation old = slots[slot];
            if (old != null && old.isStale()) {
                slots[slot] = null;
            }
        }
    }
}
