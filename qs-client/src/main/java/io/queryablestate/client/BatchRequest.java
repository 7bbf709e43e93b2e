package io.queryablestate.client;

import io.netty.buffer.ByteBuf;
import io.queryablestate.messages.BatchKeys;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KvStateBatchRequestCodec;
import io.queryablestate.messages.KvStateInternalBatchRequestCodec;
import io.queryablestate.messages.KvStatePlacement;
import io.queryablestate.network.FrameOutput;
import io.queryablestate.routing.CachedLocation;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The question for several keys of one state, as many as go into one frame. Filled by one thread, then read by another.
 *
 * @param <K> the keys
 */
final class BatchRequest<K> {

    /** Well below what servers take as one frame, so that others get their turn. */
    private static final int MAX_BYTES = 128 * 1024;

    private final StateName state;
    private final List<K> keys = new ArrayList<>();
    private final List<KeyRequest> requests = new ArrayList<>();
    private final @Nullable CachedLocation location;
    private final @Nullable KvStatePlacement holder;
    private int bytes;

    /**
     * Without keys yet.
     *
     * @param location by which the keys were grouped; null if they were not
     * @param holder who has all of them; null for nobody, or if the location is not known
     */
    BatchRequest(StateName state, @Nullable CachedLocation location, @Nullable KvStatePlacement holder) {
        this.state = state;
        this.location = location;
        this.holder = holder;
    }

    @Nullable
    CachedLocation location() {
        return location;
    }

    @Nullable
    KvStatePlacement holder() {
        return holder;
    }

    boolean hasRoomFor(KeyRequest request) {
        return keys.size() < BatchKeys.MAX_KEYS && bytes + request.entryBytes() <= MAX_BYTES;
    }

    void add(K key, KeyRequest request) {
        keys.add(key);
        requests.add(request);
        bytes += request.entryBytes();
    }

    int size() {
        return keys.size();
    }

    List<K> keys() {
        return keys;
    }

    KeyRequest single(int index) {
        return requests.get(index);
    }

    /** Asks a proxy for some of the keys. */
    void encode(FrameOutput out, long requestId, int budgetMillis, JobId jobId, BitSet some) {
        int keysBytes = bytesOf(some);
        byte[] name = state.utf8();
        ByteBuf frame = out.reserve(KvStateBatchRequestCodec.headerBytes(name) + keysBytes);
        KvStateBatchRequestCodec.encodeHeader(frame, requestId, budgetMillis, jobId, name, keysBytes);
        encodeKeys(frame, some, null);
    }

    /** Asks the state server that has the keys for some of them. */
    void encodeDirect(FrameOutput out, long requestId, int budgetMillis, BitSet some) {
        KvStatePlacement asked = holder;
        if (asked == null) {
            throw new IllegalStateException("sent without a placement");
        }
        int keysBytes = bytesOf(some);
        ByteBuf frame = out.reserve(KvStateInternalBatchRequestCodec.HEADER_BYTES + keysBytes);
        KvStateInternalBatchRequestCodec.encodeHeader(frame, requestId, budgetMillis, asked.kvStateId(), keysBytes);
        encodeKeys(frame, some, location);
    }

    private int bytesOf(BitSet some) {
        int bytesOfAll = bytes;
        for (int i = some.nextClearBit(0); i < size(); i = some.nextClearBit(i + 1)) {
            bytesOfAll -= requests.get(i).entryBytes();
        }
        return bytesOfAll;
    }

    private void encodeKeys(ByteBuf frame, BitSet some, @Nullable CachedLocation byLocation) {
        for (int i = some.nextSetBit(0); i >= 0; i = some.nextSetBit(i + 1)) {
            requests.get(i).encodeEntry(frame, i, byLocation);
        }
    }
}
