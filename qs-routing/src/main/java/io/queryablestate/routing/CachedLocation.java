package io.queryablestate.routing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.queryablestate.messages.KeyGroups;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.KvStatePlacement;
import io.queryablestate.messages.RequestedState;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One answer of the oracle. It is used until somebody finds it out of date; that is a property of this answer, so a newer
 * one is never dropped for the faults of an older. Thread-safe.
 */
public final class CachedLocation {

    private final KvStateLocation location;
    private final ByteBuf name;
    private volatile boolean stale;

    /** An answer that nobody has found fault with. */
    public CachedLocation(KvStateLocation location) {
        this.location = location;
        this.name = Unpooled.unreleasableBuffer(
                Unpooled.wrappedBuffer(location.stateName().getBytes(StandardCharsets.UTF_8)));
    }

    /** The answer. */
    public KvStateLocation location() {
        return location;
    }

    /** Whether somebody has found it out of date. */
    public boolean isStale() {
        return stale;
    }

    /** It has been found out of date. */
    public void markStale() {
        stale = true;
    }

    /** Whether this is the location of the state that a request names; compares bytes, decodes nothing. */
    public boolean isFor(RequestedState request, ByteBuf in) {
        return location.jobId().lower() == request.jobLower()
                && location.jobId().upper() == request.jobUpper()
                && name.readableBytes() == request.nameLength()
                && ByteBufUtil.equals(name, 0, in, request.nameOffset(), request.nameLength());
    }

    /** The key group of a key. */
    public int keyGroupOf(int keyHashCode) {
        return KeyGroups.of(keyHashCode, location.maxParallelism());
    }

    /** Who holds a key group; null for nobody. */
    public @Nullable KvStatePlacement placementOf(int keyGroup) {
        return location.placementOf(keyGroup);
    }
}
