package io.queryablestate.network;

import org.jspecify.annotations.Nullable;

/** The exchanges that are open on one connection, linked through themselves. Used on the connection's event loop. */
final class OpenExchanges {

    private @Nullable ServerExchange newest;
    private int weight;

    boolean isEmpty() {
        return newest == null;
    }

    /** How many requests these count as together, and those whose place is not {@linkplain #free free} yet. */
    int weight() {
        return weight;
    }

    void add(ServerExchange exchange) {
        ServerExchange previous = newest;
        exchange.older = previous;
        if (previous != null) {
            previous.newer = exchange;
        }
        newest = exchange;
        weight += exchange.weight();
    }

    void remove(ServerExchange exchange) {
        if (exchange.newer == null) {
            newest = exchange.older;
        } else {
            exchange.newer.older = exchange.older;
        }
        if (exchange.older != null) {
            exchange.older.newer = exchange.newer;
        }
    }

    /** So many requests do not count any more. */
    void free(int requests) {
        weight -= requests;
    }

    /**
     * The one of that id; null if there is none. A search, since only cancelling needs it: what is cancelled together was
     * mostly asked together, so it is near the newest, of those that are left.
     */
    @Nullable
    ServerExchange find(long requestId) {
        ServerExchange exchange = newest;
        while (exchange != null && exchange.requestId() != requestId) {
            exchange = exchange.older;
        }
        return exchange;
    }

    /** Ends them all, since nobody waits for an answer any more; each removes itself. */
    void abandonAll() {
        for (ServerExchange exchange = newest; exchange != null; exchange = newest) {
            exchange.abandon();
        }
    }
}
