package io.queryablestate.gates;

import io.queryablestate.client.serialization.Serializers;
import io.queryablestate.server.KvState;
import io.queryablestate.server.ReadContext;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** As {@link StampedState}, by a backend that can be made to throw or to take its time. Thread-safe. */
final class BrokenState implements KvState {

    final AtomicLong thrown = new AtomicLong();
    final AtomicLong slow = new AtomicLong();
    final AtomicLong reads = new AtomicLong();
    private final int valueBytes;
    private volatile boolean throwing;
    private volatile Duration pause = Duration.ZERO;

    BrokenState(int valueBytes) {
        this.valueBytes = valueBytes;
    }

    void throwing(boolean now) {
        throwing = now;
    }

    /** How long a read takes from now on. */
    void pause(Duration now) {
        pause = now;
    }

    @Override
    public byte[] read(byte[] serializedKeyAndNamespace, ReadContext context) {
        reads.incrementAndGet();
        if (throwing) {
            thrown.incrementAndGet();
            throw new IllegalStateException("the backend is broken");
        }
        long end = System.nanoTime() + pause.toNanos();
        if (!pause.isZero()) {
            slow.incrementAndGet();
        }
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        long key = ByteBuffer.wrap(serializedKeyAndNamespace).getLong();
        return Serializers.serialize(Serializers.BYTES, new GateValue(key, 0, System.nanoTime()).encode(valueBytes));
    }
}
