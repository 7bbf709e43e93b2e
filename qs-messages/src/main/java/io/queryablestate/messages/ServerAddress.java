package io.queryablestate.messages;

/**
 * Where a server listens: a host name or IP address, and a port. Never resolved here; each connection attempt resolves
 * the name anew.
 *
 * @param host name or address, not blank
 * @param port 1 to 65535
 */
public record ServerAddress(String host, int port) {

    private static final int MAX_PORT = 65_535;

    public ServerAddress {
        if (host.isBlank()) {
            throw new IllegalArgumentException("the host is blank");
        }
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("a port is 1 to " + MAX_PORT + ", got " + port);
        }
    }

    /**
     * Reads {@code host:port}; an IPv6 address is written in brackets.
     *
     * @throws IllegalArgumentException if it is not of that form
     */
    public static ServerAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("an address is host:port, got \"" + text + "\"");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("an IPv6 address is written [address]:port, got \"" + text + "\"");
        }
        try {
            return new ServerAddress(host, Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("an address is host:port, got \"" + text + "\"", e);
        }
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
