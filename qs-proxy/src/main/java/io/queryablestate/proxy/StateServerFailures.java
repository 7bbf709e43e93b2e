package io.queryablestate.proxy;

import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.network.RateLimitedLog;
import org.slf4j.LoggerFactory;

/**
 * What a client is told when a state server cannot be asked. It does not learn the server's address, nor that the proxy
 * itself was not let in; those stand in the proxy's log. Used on one event loop.
 */
final class StateServerFailures {

    private final RateLimitedLog log =
            new RateLimitedLog(LoggerFactory.getLogger(StateServerFailures.class), System::nanoTime);

    /** The failure of a connection, in words for the client. */
    Failure shown(Failure failure) {
        String text =
                switch (failure.code()) {
                    case CONNECTION_REFUSED -> "the state server cannot be reached";
                    case CONNECTION_LOST -> "the connection to the state server was lost";
                    case HANDSHAKE_TIMEOUT -> "the state server stays silent";
                    case OVERLOADED -> "too many requests wait for the state server";
                    case SHUTTING_DOWN -> "the state server is shutting down";
                    case CLIENT_CLOSED -> "the proxy is closed";
                    default -> null;
                };
        if (text == null) {
            log.warn("A state server does not take this proxy: " + failure.code() + ", " + failure.text());
            return new Failure(
                    ErrorCode.STATE_FAILED, "the state server does not take the proxy; its log has the details", true);
        }
        if (failure.code() == ErrorCode.CONNECTION_REFUSED || failure.code() == ErrorCode.HANDSHAKE_TIMEOUT) {
            log.warn("A state server cannot be asked: " + failure.text());
        }
        return failure.withText(text);
    }
}
