package io.queryablestate.flink;

import io.queryablestate.messages.ServerAddress;
import java.net.InetSocketAddress;

/** Between Flink's addresses and ours. */
final class SocketAddresses {

    private SocketAddresses() {}

    /** Resolved, if its host resolves: Flink's own proxies take one that is not for the local machine. */
    static InetSocketAddress of(ServerAddress address) {
        return new InetSocketAddress(address.host(), address.port());
    }

    /** Whether only this machine reaches what listens there; not if the name does not resolve. */
    static boolean isLoopback(String host) {
        InetSocketAddress address = new InetSocketAddress(host, 0);
        return !address.isUnresolved() && address.getAddress().isLoopbackAddress();
    }

    /** By its IP address if there is one, since the name is the other machine's and need not resolve on this one. */
    static ServerAddress of(InetSocketAddress address) {
        String host = address.isUnresolved()
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return new ServerAddress(host, address.getPort());
    }
}
