package io.queryablestate.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.queryablestate.messages.BatchKeys;
import io.queryablestate.messages.CatalogueEntry;
import io.queryablestate.messages.CatalogueRequest;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Frames;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KvStateBatchRequestCodec;
import io.queryablestate.messages.KvStateRequestCodec;
import io.queryablestate.messages.LocationRequest;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.network.AbstractServerHandler;
import io.queryablestate.network.ServerConnections;
import io.queryablestate.routing.CachedLocation;
import io.queryablestate.routing.LocationKey;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One client of the proxy: turns each of its requests into an exchange. */
final class ProxyHandler extends AbstractServerHandler {

    private final ProxyLoop loop;
    private final Supplier<List<CatalogueEntry>> catalogue;
    private final KvStateRequestCodec request = new KvStateRequestCodec();
    private final KvStateBatchRequestCodec batchRequest = new KvStateBatchRequestCodec();
    private final UpstreamHold upstreamHold;
    private final ExpectedAnswers expectedAnswers = new ExpectedAnswers();

    ProxyHandler(ServerConnections server, ProxyLoop loop, Supplier<List<CatalogueEntry>> catalogue) {
        super(server, loop.context());
        this.loop = loop;
        this.catalogue = catalogue;
        this.upstreamHold = new UpstreamHold(loop);
    }

    @Override
    protected boolean handleRequest(MessageType type, long requestId, ByteBuf in, int frame, int frameEnd) {
        switch (type) {
            case KV_STATE_REQUEST -> {
                request.decode(in, frame, frameEnd);
                forward(requestId, in);
            }
            case KV_STATE_BATCH_REQUEST -> forwardBatch(requestId, in, batchRequest.decode(in, frame, frameEnd));
            case LOCATION_REQUEST -> {
                LocationRequest asked = LocationRequest.decode(body(in, frame, frameEnd));
                LocationKey key = key(asked.jobId(), asked.stateName());
                LocationExchange exchange = new LocationExchange(this, requestId, asked.budgetMillis(), key, loop);
                exchange.start((Frames.flags(in, frame) & Frames.FLAG_LOCATION_STALE) != 0);
                openUnlessEnded(exchange);
            }
            case CATALOGUE_REQUEST -> {
                CatalogueRequest asked = CatalogueRequest.decode(body(in, frame, frameEnd));
                List<CatalogueEntry> entries = entries();
                new CatalogueExchange(this, requestId, asked.budgetMillis()).answer(entries);
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
        forward(requestId, in);
    }

    private void forward(long requestId, ByteBuf in) {
        @Nullable CachedLocation location = loop.recent().find(request, in);
        ProxyExchange exchange = new ProxyExchange(this, requestId, request, in);
        loop.retries().requested(1);
        // Opened first: from here on its deadline ends it, whatever the first step does.
        open(exchange);
        if (location != null && mayRead(location)) {
            exchange.forward(location);
        } else {
            exchange.lookUp(key(request.jobId(), request.stateName(in)));
        }
    }

    private void forwardBatch(long requestId, ByteBuf in, BatchKeys keys) {
        @Nullable CachedLocation location = loop.recent().find(batchRequest, in);
        BatchExchange exchange = new BatchExchange(this, requestId, batchRequest, keys, in);
        loop.retries().requested(keys.size());
        open(exchange);
        if (location != null && mayRead(location)) {
            exchange.forward(location);
        } else {
            exchange.lookUp(key(batchRequest.jobId(), batchRequest.stateName(in)));
        }
    }

    private boolean mayRead(CachedLocation location) {
        return mayRead(location.location().jobId(), location.location().stateName());
    }

    /** Where a state is to be looked for, for this client. */
    private LocationKey key(JobId job, String stateName) {
        boolean concealed = !mayRead(job, stateName);
        if (concealed) {
            denied(job, stateName);
        }
        return new LocationKey(job, stateName, concealed);
    }

    /**
     * What this client may read of what is there. A catalogue that cannot be listed costs the client this request, not its
     * connection.
     */
    private List<CatalogueEntry> entries() {
        try {
            return catalogue.get().stream()
                    .filter(entry -> mayRead(entry.jobId(), entry.stateName()))
                    .toList();
        } catch (RuntimeException e) {
            throw new QueryableStateException(ErrorCode.STATE_FAILED, "the catalogue is not available", e);
        }
    }

    private void openUnlessEnded(LocationExchange exchange) {
        if (!exchange.hasEnded()) {
            open(exchange);
        }
    }

    private static ByteBuf body(ByteBuf in, int frame, int frameEnd) {
        return in.slice(frame + Frames.BODY_OFFSET, frameEnd - frame - Frames.BODY_OFFSET);
    }

    void retried() {
        stats().requestRetried();
    }

    ProxyLoop loop() {
        return loop;
    }

    UpstreamHold upstreamHold() {
        return upstreamHold;
    }

    ExpectedAnswers expectedAnswers() {
        return expectedAnswers;
    }

    @Override
    protected int maxInFlight() {
        return Math.min(super.maxInFlight(), expectedAnswers.limit());
    }

    @Override
    public void look(long nowNanos) {
        super.look(nowNanos);
        if (isPaused() && !output().isCongested()) {
            expectedAnswers.secondHasPassed();
            resumeIfPossible();
        }
    }

    @Override
    protected void onWritabilityChanged() {
        super.onWritabilityChanged();
        if (!output().isCongested()) {
            upstreamHold.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        upstreamHold.release();
        super.channelInactive(ctx);
    }
}
