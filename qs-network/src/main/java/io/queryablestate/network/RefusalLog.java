package io.queryablestate.network;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Warns of peers that a server turned away, at most once a second for each host, so that nobody can fill the log. What
 * it says of a peer's own words is escaped. Thread-safe.
 */
final class RefusalLog {

    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int MAX_HOSTS = 1024;
    private static final int MAX_CHARS = 300;

    private final Logger log;
    private final String server;
    private final LongSupplier nanoTime;
    /** When each host was last warned of, the longest ago first. Guarded by itself. */
    private final Map<Object, Long> warned = new LinkedHashMap<>();

    private long keptBack;

    /**
     * Nothing has been logged yet.
     *
     * @param server what the server calls itself
     * @param nanoTime a clock, in nanoseconds
     */
    RefusalLog(Logger log, String server, LongSupplier nanoTime) {
        this.log = log;
        this.server = server;
        this.nanoTime = nanoTime;
    }

    /** Warns, or counts that it did not. */
    void refused(SocketAddress peer, String why) {
        long unsaid;
        synchronized (warned) {
            if (!mayWarnOf(hostOf(peer), nanoTime.getAsLong())) {
                keptBack++;
                return;
            }
            unsaid = keptBack;
            keptBack = 0;
        }
        log.warn("{} refused {}: {} ({} more since the last warning)", server, peer, printable(why), unsaid);
    }

    private boolean mayWarnOf(Object host, long now) {
        warned.values().removeIf(when -> now - when >= INTERVAL_NANOS);
        if (warned.size() >= MAX_HOSTS || warned.containsKey(host)) {
            return false;
        }
        warned.put(host, now);
        return true;
    }

    private static Object hostOf(SocketAddress peer) {
        return peer instanceof InetSocketAddress address && address.getAddress() != null
                ? address.getAddress()
                : peer.toString();
    }

    private static String printable(String text) {
        String shown = text.length() > MAX_CHARS ? text.substring(0, MAX_CHARS) + "…" : text;
        return shown.codePoints()
                .map(character -> Character.isISOControl(character) ? '?' : character)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
