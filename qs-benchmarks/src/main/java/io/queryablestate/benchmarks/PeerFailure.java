package io.queryablestate.benchmarks;

/**
 * What a peer could not do.
 *
 * @param where the row and the round, or that it was left out altogether
 */
record PeerFailure(PeerName peer, String where, String reason) {}
