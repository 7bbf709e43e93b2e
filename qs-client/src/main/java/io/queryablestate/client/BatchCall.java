package io.queryablestate.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.queryablestate.client.serialization.StateDescriptor;
import io.queryablestate.messages.Disposition;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.KvStateBatchAnswerCodec;
import io.queryablestate.messages.KvStatePlacement;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.network.FrameOutput;
import io.queryablestate.network.PeerConnection;
import io.queryablestate.routing.CachedLocation;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads several keys with one request. Keys are numbered by their place in the list. Those that have no answer when an
 * attempt has ended, and those whose failure may pass, are the keys of the next attempt. A proxy that speaks version 1 is
 * asked for them one by one.
 *
 * @param <K> the keys
 * @param <V> what the state holds
 */
final class BatchCall<K, V> extends JobCall<BatchResult<K, V>> {

    private static final Object ABSENT = new Object();
    private static final Failure LEFT_OUT =
            new Failure(ErrorCode.PROTOCOL_VIOLATION, "an answer to a batch that leaves keys out");

    private final BatchRequest<K> request;
    private final StateDescriptor<V> descriptor;
    /** What is known of each key: the bytes of its value, ABSENT, a {@link Failure}, or null for nothing. */
    private final @Nullable Object[] outcomes;
    /** Keys to ask for: those without an outcome, or with a failure that may pass. */
    private final BitSet open = new BitSet();

    private final KvStateBatchAnswerCodec items = new KvStateBatchAnswerCodec();
    private @Nullable Failure mayPass;
    private boolean batchRefused;

    BatchCall(
            ClientLoop loop,
            long timeoutNanos,
            JobReference job,
            BatchRequest<K> request,
            StateDescriptor<V> descriptor) {
        super(loop, timeoutNanos, job);
        this.request = request;
        this.descriptor = descriptor;
        this.outcomes = new Object[request.size()];
        open.set(0, request.size());
    }

    @Override
    public int weight() {
        return outcomes.length;
    }

    @Override
    public void encode(FrameOutput out, long requestId, boolean version1) {
        mayPass = null;
        if (version1) {
            batchRefused = true;
            throw new QueryableStateException(ErrorCode.BAD_REQUEST, "version 1 has no batches");
        }
        if (isDirect()) {
            request.encodeDirect(out, requestId, remainingMillis(), open);
        } else {
            request.encode(out, requestId, remainingMillis(), jobId(), open);
        }
    }

    @Override
    @Nullable
    PeerConnection stateServer() {
        CachedLocation known = request.location();
        KvStatePlacement holder = request.holder();
        return known == null || holder == null || known.isStale()
                ? null
                : loop().stateServers().connected(holder.server());
    }

    @Override
    void stateServerFailed() {
        onLocationStale();
    }

    @Override
    public void onLocationStale() {
        CachedLocation known = request.location();
        if (known != null) {
            known.markStale();
        }
    }

    @Override
    public boolean onPart(MessageType type, ByteBuf body) {
        return takeIn(type, body);
    }

    @Override
    public void onMessage(MessageType type, ByteBuf body) {
        if (!takeIn(type, body)) {
            return;
        }
        if (open.isEmpty()) {
            succeed(() -> result(null));
        } else {
            onFailure(mayPass == null ? LEFT_OUT : mayPass);
        }
    }

    /** Reads a part of the answer; false if it was none, which has ended the call. */
    private boolean takeIn(MessageType type, ByteBuf body) {
        if (type != MessageType.KV_STATE_BATCH_ANSWER) {
            super.onMessage(type, body);
            return false;
        }
        try {
            items.start(body);
            while (items.next(body)) {
                takeItem(body);
            }
            return true;
        } catch (QueryableStateException e) {
            onFailure(new Failure(ErrorCode.PROTOCOL_VIOLATION, e.text()));
            return false;
        }
    }

    private void takeItem(ByteBuf body) {
        int key = items.number();
        if (!open.get(key)) {
            throw new QueryableStateException(
                    ErrorCode.PROTOCOL_VIOLATION, "an answer for key number " + key + ", which is not open");
        }
        open.clear(key);
        switch (items.outcome()) {
            case VALUE -> outcomes[key] = ByteBufUtil.getBytes(body, items.valueOffset(), items.valueLength());
            case ABSENT -> outcomes[key] = ABSENT;
            case FAILURE -> {
                Failure failure = items.failure(body);
                outcomes[key] = failure;
                if (mayPass(failure)) {
                    open.set(key);
                    // What another way would help goes first.
                    mayPass = mayPass == null || mayPass.code().disposition() == Disposition.RETRY_LATER
                            ? failure
                            : mayPass;
                }
            }
        }
    }

    /** Out-of-date locations are the proxy's business, unless none has been asked. */
    private boolean mayPass(Failure failure) {
        Disposition disposition = failure.code().disposition();
        return !failure.isFinal()
                && (disposition == Disposition.RETRY_LATER
                        || (isDirect() && disposition == Disposition.REFRESH_LOCATION));
    }

    @Override
    public void onFailure(Failure failure) {
        if (batchRefused) {
            batchRefused = false;
            new SingleReads(this, jobId(), open, request, loop()).start();
        } else {
            super.onFailure(failure);
        }
    }

    /** One of the {@link SingleReads} has ended, with bytes or null for absence, or a failure. On the event loop. */
    void singleEnded(int key, byte @Nullable [] value, @Nullable Failure failure) {
        open.clear(key);
        outcomes[key] = failure != null ? failure : value != null ? value : ABSENT;
        if (open.isEmpty()) {
            succeed(() -> result(null));
        }
    }

    @Override
    BatchResult<K, V> failed(QueryableStateException error) {
        return result(error);
    }

    private BatchResult<K, V> result(@Nullable QueryableStateException error) {
        List<K> keys = request.keys();
        Map<K, V> found = new LinkedHashMap<>(2 * keys.size());
        Set<K> absent = new LinkedHashSet<>();
        Map<K, QueryableStateException> failed = new LinkedHashMap<>();
        for (int i = 0; i < outcomes.length; i++) {
            K key = keys.get(i);
            Object outcome = outcomes[i];
            if (outcome == ABSENT) {
                absent.add(key);
            } else if (outcome instanceof Failure failure) {
                failed.put(key, QueryableStateException.of(failure));
            } else if (outcome instanceof byte[] value) {
                try {
                    found.put(key, descriptor.deserialize(value));
                } catch (QueryableStateException e) {
                    failed.put(key, e);
                }
            } else {
                failed.put(key, error == null ? QueryableStateException.of(LEFT_OUT) : error);
            }
        }
        return new BatchResult<>(found, absent, failed);
    }

    @Override
    BatchResult<K, V> decode(byte[] value) {
        throw QueryableStateException.of(LEFT_OUT);
    }

    @Override
    BatchResult<K, V> absent() {
        throw QueryableStateException.of(LEFT_OUT);
    }
}
