package io.queryablestate.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import io.queryablestate.messages.BatchKeys;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KvStateInternalBatchRequestCodec;
import io.queryablestate.network.ServerExchange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A batch at the state server. Keys are answered on any thread and collected here; a task on the event loop writes what has
 * come together until it runs, so the owner of a state hands over many answers at once, and a slow key holds up no other.
 */
final class BatchReadExchange extends ServerExchange {

    private static final Logger LOG = LoggerFactory.getLogger(BatchReadExchange.class);

    private final StateServerHandler connection;
    private final EventLoop loop;
    private final List<BatchKeyRead> keys;
    private final int[] keyGroups;
    private final BatchAnswerWriter writer;
    private final Object lock = new Object();
    /** Guarded by the lock. */
    private List<BatchKeyRead> answered = new ArrayList<>();
    /** Guarded by the lock: somebody will write what has been answered. */
    private boolean writeComes = true;

    private int unwritten;
    private volatile boolean abandoned;

    BatchReadExchange(
            StateServerHandler connection,
            long requestId,
            KvStateInternalBatchRequestCodec request,
            BatchKeys batch,
            ByteBuf in) {
        super(connection, requestId, request.budgetMillis());
        this.connection = connection;
        this.loop = connection.loop();
        this.keys = new ArrayList<>(batch.size());
        this.keyGroups = new int[batch.size()];
        this.writer = new BatchAnswerWriter(connection.output(), requestId);
        this.unwritten = batch.size();
        for (int number : batch.numbers()) {
            keyGroups[keys.size()] = batch.keyGroup(in, number);
            byte[] key = ByteBufUtil.getBytes(in, batch.keyOffset(number), batch.keyLength(in, number));
            keys.add(new BatchKeyRead(this, number, key));
        }
    }

    List<BatchKeyRead> keys() {
        return keys;
    }

    int[] keyGroups() {
        return keyGroups;
    }

    boolean mayRead(JobId job, String stateName) {
        return connection.permits(job, stateName);
    }

    boolean isAbandoned() {
        return abandoned;
    }

    /** A key has its answer. Any thread. */
    void answered(BatchKeyRead key) {
        boolean begins;
        synchronized (lock) {
            answered.add(key);
            begins = !writeComes;
            writeComes = true;
        }
        if (begins && !abandoned) {
            try {
                loop.execute(this::writeAnswered);
            } catch (RejectedExecutionException e) {
                LOG.debug("The server has stopped before a read has ended");
            }
        }
    }

    /** All reads have been started; what has an answer by now needs no task. On the event loop. */
    void started() {
        writeAnswered();
    }

    private void writeAnswered() {
        List<BatchKeyRead> items;
        synchronized (lock) {
            items = answered;
            answered = new ArrayList<>();
            writeComes = false;
        }
        if (!items.isEmpty() && !hasEnded()) {
            unwritten -= items.size();
            writer.write(items, unwritten == 0 ? flags() : flags() | Frames.FLAG_MORE, this::obstacle);
            if (unwritten == 0) {
                lastPartWritten();
            }
        }
    }

    @Override
    public int weight() {
        return keyGroups.length;
    }

    @Override
    protected void onEnd() {
        abandoned = true;
    }
}
