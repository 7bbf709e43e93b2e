package io.queryablestate.network;

import io.netty.channel.Channel;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.ServerAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to connect to a server, from resolving its name to its welcome, with one deadline for all of it. Knows how
 * far it has come, so that whoever runs out of time before it can be told what was missing.
 */
final class ConnectionAttempt extends Deadline {

    private final PeerConnection connection;
    private final long startNanos;
    private @Nullable Channel channel;
    private boolean heardFrom;
    private boolean ended;

    ConnectionAttempt(PeerConnection connection) {
        super(connection.context().nanoTime()
                + connection.options().connectTimeout().toNanos());
        this.connection = connection;
        this.startNanos = connection.context().nanoTime();
    }

    /** The server has accepted the connection. */
    void connected(Channel accepted) {
        channel = accepted;
    }

    /** The server has sent something. */
    void heardFrom() {
        heardFrom = true;
    }

    /** What is missing. */
    Failure obstacle() {
        ServerAddress address = connection.address();
        long millis = TimeUnit.NANOSECONDS.toMillis(connection.context().nanoTime() - startNanos);
        if (channel == null) {
            return new Failure(
                    ErrorCode.CONNECTION_REFUSED, "no connection to " + address + " within " + millis + " ms");
        }
        if (heardFrom) {
            return new Failure(ErrorCode.PROTOCOL_VIOLATION, address + " answers with bytes of another protocol");
        }
        return new Failure(
                ErrorCode.HANDSHAKE_TIMEOUT,
                address + " accepted the connection and stays silent for " + millis + " ms");
    }

    /** The attempt has failed, unless it has ended before. */
    void fail(Failure failure) {
        if (!ended) {
            connection.attemptFailed(this, failure);
        }
    }

    /** Nothing of the attempt remains, except the channel of one that has succeeded. */
    void end() {
        ended = true;
        connection.context().deadlines().remove(this);
        if (channel != null) {
            channel.close();
        }
    }

    void succeed(PeerHandler handler) {
        if (!ended) {
            ended = true;
            connection.context().deadlines().remove(this);
            connection.ready(handler);
        }
    }

    boolean hasEnded() {
        return ended;
    }

    @Override
    protected void deadlineExpired() {
        fail(obstacle());
    }
}
