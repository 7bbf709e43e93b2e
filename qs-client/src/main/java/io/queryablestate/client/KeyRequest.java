package io.queryablestate.client;

import io.netty.buffer.ByteBuf;
import io.queryablestate.messages.BatchKeys;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KvStateInternalRequestCodec;
import io.queryablestate.messages.KvStatePlacement;
import io.queryablestate.messages.KvStateRequestCodec;
import io.queryablestate.network.FrameOutput;
import io.queryablestate.routing.CachedLocation;
import org.jspecify.annotations.Nullable;

/**
 * The question for one key, of whichever job: which state, the key's hash, which decides about its key group, and the
 * key's bytes.
 */
final class KeyRequest {

    private final StateName state;
    private final int keyHashCode;
    private final byte[] keyAndNamespace;

    KeyRequest(StateName state, int keyHashCode, byte[] keyAndNamespace) {
        this.state = state;
        this.keyHashCode = keyHashCode;
        this.keyAndNamespace = keyAndNamespace;
    }

    void encode(FrameOutput out, long requestId, int budgetMillis, JobId job, boolean version1) {
        byte[] name = state.utf8();
        if (version1) {
            ByteBuf frame = out.reserve(KvStateRequestCodec.encodedSizeVersion1(name, keyAndNamespace));
            KvStateRequestCodec.encodeVersion1(frame, requestId, job, name, keyHashCode, keyAndNamespace);
        } else {
            ByteBuf frame = out.reserve(KvStateRequestCodec.encodedSize(name, keyAndNamespace));
            KvStateRequestCodec.encode(frame, requestId, budgetMillis, job, name, keyHashCode, keyAndNamespace);
        }
    }

    StateName state() {
        return state;
    }

    int keyGroupIn(CachedLocation location) {
        return location.keyGroupOf(keyHashCode);
    }

    /** Who has the key; null for nobody. */
    @Nullable
    KvStatePlacement holderIn(CachedLocation location) {
        return location.placementOf(keyGroupIn(location));
    }

    /** Asks the state server that has the key. */
    void encodeDirect(FrameOutput out, long requestId, int budgetMillis, CachedLocation location, boolean version1) {
        KvStatePlacement holder = holderIn(location);
        if (holder == null) {
            throw new IllegalStateException("sent without a placement");
        }
        int length = keyAndNamespace.length;
        ByteBuf frame = out.reserve(KvStateInternalRequestCodec.HEADER_BYTES + length);
        if (version1) {
            KvStateInternalRequestCodec.encodeVersion1Header(frame, requestId, holder.kvStateId(), length);
        } else {
            KvStateInternalRequestCodec.encodeHeader(
                    frame, requestId, budgetMillis, holder.kvStateId(), keyGroupIn(location), length);
        }
        frame.writeBytes(keyAndNamespace);
    }

    /** Bytes of this key in a batch. */
    int entryBytes() {
        return BatchKeys.encodedSize(keyAndNamespace.length);
    }

    /** Writes this key into a batch: for a proxy, or by a location for a state server. */
    void encodeEntry(ByteBuf out, int number, @Nullable CachedLocation location) {
        BatchKeys.encode(out, number, location == null ? keyHashCode : keyGroupIn(location), keyAndNamespace);
    }
}
