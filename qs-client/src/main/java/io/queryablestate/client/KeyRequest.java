package io.queryablestate.client;

import io.netty.buffer.ByteBuf;
import io.queryablestate.messages.BatchKeys;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KvStateRequestCodec;
import io.queryablestate.network.FrameOutput;

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

    /** Bytes of this key in a batch. */
    int entryBytes() {
        return BatchKeys.encodedSize(keyAndNamespace.length);
    }

    /** Writes this key into a batch. */
    void encodeEntry(ByteBuf out, int number) {
        BatchKeys.encode(out, number, keyHashCode, keyAndNamespace);
    }
}
