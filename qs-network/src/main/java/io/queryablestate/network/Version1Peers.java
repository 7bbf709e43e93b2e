package io.queryablestate.network;

import io.queryablestate.messages.ServerAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * Which servers answered a hello in version 1, so that the next connections to them begin without one. After a minute
 * the next connection asks again: the server may have been upgraded. Thread-safe.
 */
final class Version1Peers {

    private static final long TRUSTED_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final ConcurrentMap<ServerAddress, Long> seen = new ConcurrentHashMap<>();

    void add(ServerAddress address, long nowNanos) {
        seen.put(address, nowNanos);
    }

    void remove(ServerAddress address) {
        seen.remove(address);
    }

    boolean contains(ServerAddress address, long nowNanos) {
        Long since = seen.get(address);
        if (since != null && nowNanos - since > TRUSTED_NANOS) {
            seen.remove(address, since);
            return false;
        }
        return since != null;
    }
}
