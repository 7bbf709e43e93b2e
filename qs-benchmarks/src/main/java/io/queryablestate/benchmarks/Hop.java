package io.queryablestate.benchmarks;

/** The way of a request. */
enum Hop {
    /** From the client to a proxy, from there to the server. */
    PROXIED,
    /** From the client to the server. */
    ONE_HOP
}
