package io.queryablestate.benchmarks;

/**
 * One way to ask for the values of the {@link Workload}. Each of the three parts runs in a process of its own and lives
 * until that process ends; an address is text that only the peer understands.
 */
interface Peer {

    /** Starts what holds the values, all of them. Returns where it is. */
    String startServer() throws Exception;

    /** Starts what stands between client and server. Returns where it is. */
    String startProxy(String server) throws Exception;

    /** Makes the client. */
    KeyReader connect(String proxy) throws Exception;
}
