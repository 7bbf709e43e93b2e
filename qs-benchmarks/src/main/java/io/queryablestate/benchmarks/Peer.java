package io.queryablestate.benchmarks;

import java.util.List;

/**
 * One way to ask for the values of {@link Workload}s. Each of the three parts runs in a process of its own, or all in
 * one, and lives until that process ends; an address is text that only the peer understands.
 */
interface Peer {

    /** Starts what holds the values of all keys. Returns where it is. */
    String startServer(List<Workload> workloads) throws Exception;

    /** Starts what stands between client and server. Returns where it is. */
    String startProxy(String server) throws Exception;

    /** Makes a client that asks the proxy. */
    KeyReader connect(String proxy) throws Exception;

    /**
     * Makes a client that asks the server.
     *
     * @param proxy whom the client may ask where values are; empty if the peer has none
     */
    KeyReader connectOneHop(String server, String proxy) throws Exception;
}
