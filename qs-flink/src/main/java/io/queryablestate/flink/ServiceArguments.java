package io.queryablestate.flink;

import java.util.Iterator;
import org.apache.flink.queryablestate.network.stats.KvStateRequestStats;

/**
 * What Flink passes to a state server or a proxy.
 *
 * @param address the task manager's external address
 * @param ports the ports of Flink's configuration, in the order in which they were written; 0 is any free port
 * @param eventLoopThreads threads that read and write sockets
 * @param queryThreads threads for reads that may block
 * @param stats told of connections and requests
 */
public record ServiceArguments(
        String address, Iterator<Integer> ports, int eventLoopThreads, int queryThreads, KvStateRequestStats stats) {}
