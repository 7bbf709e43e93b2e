package io.queryablestate.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.queryablestate.messages.JobId;
import io.queryablestate.messages.KeyGroupRange;
import io.queryablestate.messages.KvStateId;
import io.queryablestate.messages.KvStateLocation;
import io.queryablestate.messages.KvStatePlacement;
import io.queryablestate.messages.KvStateRequestCodec;
import io.queryablestate.messages.ServerAddress;
import io.queryablestate.routing.LocationKey;
import io.queryablestate.routing.LocationOracle;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** Jobs, names and locations that most tests use. */
final class Locations {

    static final JobId JOB = new JobId(1, 2);
    static final JobId OTHER_JOB = new JobId(1, 3);
    static final String STATE = "counts";
    static final LocationKey KEY = new LocationKey(JOB, STATE);
    static final KvStateId KV_STATE = new KvStateId(7, 8);
    static final int KEY_GROUPS = 128;

    private static final ServerAddress NOWHERE = new ServerAddress("127.0.0.1", 1);

    private Locations() {}

    /** All key groups on a server that is never connected to. */
    static KvStateLocation of(LocationKey key) {
        return of(key, NOWHERE);
    }

    /** All key groups in {@link #KV_STATE} on one server. */
    static KvStateLocation of(LocationKey key, ServerAddress server) {
        return KvStateLocation.builder(key.jobId(), key.stateName(), KEY_GROUPS)
                .place(new KeyGroupRange(0, KEY_GROUPS - 1), new KvStatePlacement(KV_STATE, server))
                .build();
    }

    /** The lower half of the key groups on one server, the upper half on another. */
    static KvStateLocation split(LocationKey key, ServerAddress low, ServerAddress high) {
        int half = KEY_GROUPS / 2;
        return KvStateLocation.builder(key.jobId(), key.stateName(), KEY_GROUPS)
                .place(new KeyGroupRange(0, half - 1), new KvStatePlacement(KV_STATE, low))
                .place(new KeyGroupRange(half, KEY_GROUPS - 1), new KvStatePlacement(KV_STATE, high))
                .build();
    }

    /** No key group has a server. */
    static KvStateLocation empty(LocationKey key) {
        return KvStateLocation.builder(key.jobId(), key.stateName(), KEY_GROUPS).build();
    }

    /** Always the same answer, at once. */
    static LocationOracle oracleOf(KvStateLocation location) {
        return (jobId, stateName) -> CompletableFuture.completedFuture(location);
    }

    /** A request for the state; its key is one byte. */
    static ByteBuf request(LocationKey key) {
        ByteBuf frame = Unpooled.buffer();
        byte[] name = key.stateName().getBytes(StandardCharsets.UTF_8);
        KvStateRequestCodec.encode(frame, 1, 1000, key.jobId(), name, 4711, new byte[] {42});
        return frame;
    }
}
