package io.queryablestate.network;

import org.jspecify.annotations.Nullable;

/** The exchanges that are open on one connection, linked through themselves. Used on the connection's event loop. */
final class OpenExchanges {

    private @Nullable ServerExchange newest;
    private int weight;

    boolean isEmpty() {
        return newest == null;
    }

    /** How many requests these count as together. */
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
        weight -= exchange.weight();
    }

    /** Ends them all, since nobody waits for an answer any more; each removes itself. */
    void abandonAll() {
        for (ServerExchange exchange = newest; exchange != null; exchange = newest) {
            exchange.askerHasGone();
        }
    }
}
