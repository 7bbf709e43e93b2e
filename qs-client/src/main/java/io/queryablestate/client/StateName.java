package io.queryablestate.client;

import io.queryablestate.routing.CachedLocation;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Which state of a job is asked; keeps the name as the bytes that each request carries. */
final class StateName {

    private final String name;
    private final byte[] utf8;
    private volatile @Nullable CachedLocation location;

    StateName(String name) {
        this.name = name;
        this.utf8 = name.getBytes(StandardCharsets.UTF_8);
    }

    byte[] utf8() {
        return utf8;
    }

    /** Where the state was when it was last looked for; null for not yet. */
    @Nullable
    CachedLocation location() {
        return location;
    }

    void located(CachedLocation found) {
        location = found;
    }

    @Override
    public String toString() {
        return name;
    }
}
