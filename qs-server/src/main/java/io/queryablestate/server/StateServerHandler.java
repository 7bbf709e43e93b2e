package io.queryablestate.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import io.queryablestate.messages.BatchKeys;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KvStateInternalBatchRequestCodec;
import io.queryablestate.messages.KvStateInternalRequestCodec;
import io.queryablestate.messages.MessageType;
import io.queryablestate.network.AbstractServerHandler;
import io.queryablestate.network.EventLoopContext;
import io.queryablestate.network.ServerConnections;

/** One proxy, or one client that knows the way itself, asking a state server. */
final class StateServerHandler extends AbstractServerHandler {

    private final KvStateRegistry registry;
    private final KvStateInternalRequestCodec request = new KvStateInternalRequestCodec();
    private final KvStateInternalBatchRequestCodec batchRequest = new KvStateInternalBatchRequestCodec();

    StateServerHandler(ServerConnections server, EventLoopContext context, KvStateRegistry registry) {
        super(server, context);
        this.registry = registry;
    }

    @Override
    protected boolean handleRequest(MessageType type, long requestId, ByteBuf in, int frame, int frameEnd) {
        switch (type) {
            case KV_STATE_INTERNAL_REQUEST -> {
                request.decode(in, frame, frameEnd);
                read(requestId, in);
            }
            case KV_STATE_INTERNAL_BATCH_REQUEST -> {
                BatchKeys keys = batchRequest.decode(in, frame, frameEnd);
                BatchReadExchange exchange = new BatchReadExchange(this, requestId, batchRequest, keys, in);
                open(exchange);
                registry.read(batchRequest.kvStateId(), exchange.keyGroups(), exchange.keys());
                exchange.started();
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    @Override
    protected void handleVersion1Request(long requestId, ByteBuf in, int frame, int frameEnd) {
        request.decodeVersion1(in, frame, frameEnd);
        read(requestId, in);
    }

    EventLoop loop() {
        return context().loop();
    }

    /** Whether the peer may read that state; warns if not. */
    boolean permits(JobId job, String stateName) {
        boolean permitted = mayRead(job, stateName);
        if (!permitted) {
            denied(job, stateName);
        }
        return permitted;
    }

    private void read(long requestId, ByteBuf in) {
        byte[] key = ByteBufUtil.getBytes(in, request.keyOffset(), request.keyLength());
        ReadExchange exchange = new ReadExchange(this, requestId, request.budgetMillis(), key);
        registry.read(request.kvStateId(), request.keyGroup(), exchange);
        // An inline read has been answered by now; only others need a deadline and count as in flight.
        if (!exchange.hasEnded()) {
            open(exchange);
        }
    }
}
