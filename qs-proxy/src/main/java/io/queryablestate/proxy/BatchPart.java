package io.queryablestate.proxy;

import io.netty.buffer.ByteBuf;
import io.queryablestate.messages.BatchKeys;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.Failure;
import io.queryablestate.messages.KvStateInternalBatchRequestCodec;
import io.queryablestate.messages.KvStatePlacement;
import io.queryablestate.messages.MessageType;
import io.queryablestate.messages.QueryableStateException;
import io.queryablestate.network.Call;
import io.queryablestate.network.FrameOutput;
import io.queryablestate.network.PeerConnection;
import io.queryablestate.routing.CachedLocation;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The keys of a batch that one KvState holds, as a call to its state server. A single key goes as an ordinary request, which
 * every version knows; several are a batch. On the event loop.
 */
final class BatchPart implements Call {

    private final BatchExchange batch;
    private final KvStatePlacement holder;
    private final CachedLocation location;
    private final int failures;
    private final PeerConnection server;
    /** Numbers of the keys that have had no answer. */
    private final BitSet open = new BitSet();

    private int size;
    private int entriesBytes;
    private long callId;
    private boolean batchRefused;

    BatchPart(BatchExchange batch, KvStatePlacement holder, CachedLocation location, int failures) {
        this.batch = batch;
        this.holder = holder;
        this.location = location;
        this.failures = failures;
        this.server = batch.loop().connections().to(holder.server());
    }

    void add(int number) {
        open.set(number);
        size++;
        entriesBytes += BatchKeys.encodedSize(batch.keys().keyLength(batch.buffer(), number));
    }

    void send() {
        callId = server.send(this);
    }

    void cancel() {
        server.cancel(callId);
    }

    PeerConnection server() {
        return server;
    }

    CachedLocation location() {
        return location;
    }

    /** How often its keys have failed before. */
    int failures() {
        return failures;
    }

    boolean hasOpenKeys() {
        return !open.isEmpty();
    }

    /** A key has been answered; false if it is not one of these, or was answered before. */
    boolean take(int number) {
        boolean taken = open.get(number);
        open.clear(number);
        return taken;
    }

    /** The keys that have not been answered, and are none of this part's any more. */
    int[] takeOpenKeys() {
        int[] numbers = open.stream().toArray();
        open.clear();
        return numbers;
    }

    /** The same keys, each in a part of its own. */
    List<BatchPart> singles() {
        return Arrays.stream(takeOpenKeys())
                .mapToObj(number -> {
                    BatchPart single = new BatchPart(batch, holder, location, failures);
                    single.add(number);
                    return single;
                })
                .toList();
    }

    @Override
    public int weight() {
        return size;
    }

    @Override
    public void encode(FrameOutput out, long callNumber, boolean version1) {
        BatchKeys keys = batch.keys();
        ByteBuf in = batch.buffer();
        if (size == 1) {
            int number = open.nextSetBit(0);
            ProxyExchange.writeRequest(
                    out,
                    callNumber,
                    version1,
                    remainingMillis(),
                    holder,
                    keyGroupOf(number),
                    in,
                    keys.keyOffset(number),
                    keys.keyLength(in, number));
        } else if (version1) {
            batchRefused = true;
            throw new QueryableStateException(ErrorCode.BAD_REQUEST, "version 1 has no batches");
        } else {
            ByteBuf frame = out.reserve(KvStateInternalBatchRequestCodec.HEADER_BYTES + entriesBytes);
            KvStateInternalBatchRequestCodec.encodeHeader(
                    frame, callNumber, remainingMillis(), holder.kvStateId(), entriesBytes);
            for (int number = open.nextSetBit(0); number >= 0; number = open.nextSetBit(number + 1)) {
                keys.forward(in, number, keyGroupOf(number), frame);
            }
        }
    }

    private int keyGroupOf(int number) {
        return location.keyGroupOf(batch.keys().keyHashCode(batch.buffer(), number));
    }

    private int remainingMillis() {
        return batch.loop().remainingMillis(batch.deadlineNanos());
    }

    @Override
    public void onValue(ByteBuf in, int offset, int length) {
        if (size == 1) {
            batch.answered(this, in, offset, length);
        } else {
            onFailure(notABatchAnswer());
        }
    }

    @Override
    public void onAbsent() {
        if (size == 1) {
            batch.answered(this, null, 0, 0);
        } else {
            onFailure(notABatchAnswer());
        }
    }

    @Override
    public boolean onPart(MessageType type, ByteBuf body) {
        batch.answered(this, body, false);
        return hasOpenKeys();
    }

    @Override
    public void onMessage(MessageType type, ByteBuf body) {
        if (type == MessageType.KV_STATE_BATCH_ANSWER && size > 1) {
            batch.answered(this, body, true);
        } else {
            onFailure(notABatchAnswer());
        }
    }

    @Override
    public void onFailure(Failure failure) {
        if (batchRefused) {
            batch.sendOneByOne(this);
        } else {
            batch.partFailed(this, failure);
        }
    }

    @Override
    public void onConnectionFailure(Failure failure) {
        batch.partFailed(this, batch.shown(failure));
    }

    private static Failure notABatchAnswer() {
        return new Failure(ErrorCode.PROTOCOL_VIOLATION, "an answer of another kind than was asked for");
    }
}
