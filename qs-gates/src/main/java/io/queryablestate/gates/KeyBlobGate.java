package io.queryablestate.gates;

import com.sun.management.ThreadMXBean;
import io.queryablestate.client.serialization.KeyAndNamespace;
import io.queryablestate.client.serialization.Serializer;
import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.messages.ErrorCode;
import io.queryablestate.messages.KvStateRequestCodec;
import io.queryablestate.messages.QueryableStateException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * F3: keys that nobody has serialized. A serializer makes a key of them or refuses them with a code, and allocates next to
 * nothing for what they claim; a live proxy and its state server answer each of them.
 */
final class KeyBlobGate implements Gate {

    private static final int QUICK = 100_000;
    private static final int FULL = 1_000_000;
    /** Of the keys of each type, this part is sent to live servers too. */
    private static final int LIVE_PART = 100;

    private static final int MAX_BYTES = 64;
    private static final long MAX_ALLOCATED = 64 * 1024;
    private static final int ALLOCATED_PER_BYTE = 2;
    private static final int MEASUREMENTS = 3;
    private static final int READ_MILLIS = 5_000;
    private static final int BUDGET_MILLIS = 4_000;
    private static final byte[] NAME = StampedState.NAME.getBytes(StandardCharsets.UTF_8);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private long mostAllocated;

    @Override
    public void run(GateRun run) throws Exception {
        int blobs = run.times(QUICK, FULL);
        Map<String, Serializer<?>> types = types();
        try (Target target = new Target(run);
                RawPeer peer = new RawPeer(target.proxy(), 0, READ_MILLIS).greet()) {
            for (Map.Entry<String, Serializer<?>> type : types.entrySet()) {
                Random random = new Random(run.seed());
                int keys = 0;
                for (int i = 0; i < blobs; i++) {
                    byte[] blob = blob(random);
                    keys += decode(run, type.getKey(), type.getValue(), blob) ? 1 : 0;
                    if (i % LIVE_PART == 0) {
                        ask(run, peer, i + 1L, blob);
                    }
                }
                run.figure("taken_as_" + type.getKey(), keys);
                run.fault("key blob", blobs);
            }
        }
        run.requireAtLeast("key_types", types.size(), 6);
        run.figure("allocated_bytes_most", mostAllocated);
    }

    private static Map<String, Serializer<?>> types() {
        Map<String, Serializer<?>> types = new LinkedHashMap<>();
        for (Serializer<?> type : new Serializer<?>[] {
            Serializers.STRING,
            Serializers.BOOLEAN,
            Serializers.INT,
            Serializers.LONG,
            Serializers.DOUBLE,
            Serializers.BIG_INTEGER,
            Serializers.BIG_DECIMAL,
            Serializers.INSTANT,
            Serializers.list(Serializers.STRING),
            Serializers.tuple2(Serializers.STRING, Serializers.LONG)
        }) {
            types.put(type.typeName(), type);
        }
        return types;
    }

    /** Bytes of chance; every other time with the end that a key without a namespace has. */
    private static byte[] blob(Random random) {
        byte[] blob = new byte[1 + random.nextInt(MAX_BYTES)];
        random.nextBytes(blob);
        if (random.nextBoolean() && blob.length > 2) {
            blob[blob.length - 2] = 42;
            blob[blob.length - 1] = 0;
        }
        return blob;
    }

    /** True if it was taken for a key. */
    private <K> boolean decode(GateRun run, String name, Serializer<K> type, byte[] blob) {
        long allowed = MAX_ALLOCATED + (long) ALLOCATED_PER_BYTE * blob.length;
        long allocated = Long.MAX_VALUE;
        boolean taken = false;
        // The first time, a class may be loaded.
        for (int i = 0; i < MEASUREMENTS && allocated > allowed; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            try {
                KeyAndNamespace.deserialize(type, Serializers.VOID_NAMESPACE, blob);
                taken = true;
            } catch (QueryableStateException e) {
                run.require(e.code() == ErrorCode.SERIALIZER_MISMATCH, name + " refused a key as " + e.code());
            }
            allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        }
        mostAllocated = Math.max(mostAllocated, allocated);
        run.require(allocated <= allowed, name + " allocated " + allocated + " bytes for " + blob.length);
        return taken;
    }

    private static void ask(GateRun run, RawPeer peer, long id, byte[] key) throws IOException {
        peer.send(RawPeer.bytes(
                out -> KvStateRequestCodec.encode(out, id, BUDGET_MILLIS, StampedState.JOB, NAME, (int) id, key)));
        peer.flush();
        byte[] answer = peer.read();
        run.require(answer != null, "a key of " + key.length + " bytes ended the connection");
        if (answer != null) {
            WireAnswer told = WireAnswer.of(answer, run::miss);
            run.require(told.requestId() == id, "the answer to request " + id + " is to " + told.requestId());
        }
    }
}
