package io.queryablestate.client;

import io.netty.buffer.ByteBuf;
import io.queryablestate.messages.BatchKeys;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KvStateBatchRequestCodec;
import io.queryablestate.network.FrameOutput;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

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
    private int bytes;

    BatchRequest(StateName state) {
        this.state = state;
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

    /** Asks for some of the keys. */
    void encode(FrameOutput out, long requestId, int budgetMillis, JobId jobId, BitSet some) {
        int keysBytes = bytes;
        for (int i = some.nextClearBit(0); i < size(); i = some.nextClearBit(i + 1)) {
            keysBytes -= requests.get(i).entryBytes();
        }
        byte[] name = state.utf8();
        ByteBuf frame = out.reserve(KvStateBatchRequestCodec.headerBytes(name) + keysBytes);
        KvStateBatchRequestCodec.encodeHeader(frame, requestId, budgetMillis, jobId, name, keysBytes);
        for (int i = some.nextSetBit(0); i >= 0; i = some.nextSetBit(i + 1)) {
            requests.get(i).encodeEntry(frame, i);
        }
    }
}
