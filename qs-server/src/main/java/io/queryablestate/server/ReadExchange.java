package io.queryablestate.server;

import io.netty.channel.EventLoop;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.JobId;
import io.queryablestate.network.ServerExchange;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request at the state server: toward the network an exchange, toward the registry a pending read. The registry
 * answers on any thread; the answer is written on the event loop of the connection.
 */
final class ReadExchange extends ServerExchange implements PendingRead {

    private static final Logger LOG = LoggerFactory.getLogger(ReadExchange.class);

    private final StateServerHandler connection;
    private final EventLoop loop;
    private final byte[] keyAndNamespace;
    private volatile boolean abandoned;

    ReadExchange(StateServerHandler connection, long requestId, int budgetMillis, byte[] keyAndNamespace) {
        super(connection, requestId, budgetMillis);
        this.connection = connection;
        this.loop = connection.loop();
        this.keyAndNamespace = keyAndNamespace;
    }

    @Override
    public byte[] keyAndNamespace() {
        return keyAndNamespace;
    }

    @Override
    public boolean isAbandoned() {
        return abandoned;
    }

    @Override
    public boolean mayRead(JobId job, String stateName) {
        return connection.permits(job, stateName);
    }

    @Override
    public void succeed(byte @Nullable [] value) {
        onEventLoop(() -> answer(value));
    }

    @Override
    public void fail(ErrorCode code, String text) {
        onEventLoop(() -> fail(new Failure(code, text)));
    }

    private void onEventLoop(Runnable answer) {
        if (loop.inEventLoop()) {
            answer.run();
        } else if (!abandoned) {
            try {
                loop.execute(answer);
            } catch (RejectedExecutionException e) {
                LOG.debug("The server has stopped before a read has ended");
            }
        }
    }

    private void answer(byte @Nullable [] value) {
        if (value == null) {
            absent();
        } else {
            value(value);
        }
    }

    @Override
    protected void onEnd() {
        abandoned = true;
    }
}
