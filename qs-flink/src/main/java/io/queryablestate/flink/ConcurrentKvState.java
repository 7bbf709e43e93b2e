package io.queryablestate.flink;

import io.queryablestate.server.KvState;
import io.queryablestate.server.ReadContext;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A state of Flink that any thread may read. Each read that is under way has serializers to itself: copies of a master
 * that was copied from the job's on the thread of the task, and never reads. Thread safe.
 */
final class ConcurrentKvState implements KvState {

    private final FlinkKvState<?, ?, ?> master;
    /** No more than there have been reads at the same time, which is no more than there are query threads. */
    private final Queue<FlinkKvState<?, ?, ?>> idle = new ConcurrentLinkedQueue<>();

    /**
     * For a state that {@link RocksDbReads} allows.
     *
     * @param master used by nobody else
     */
    ConcurrentKvState(FlinkKvState<?, ?, ?> master) {
        this.master = master;
    }

    @Override
    public byte @Nullable [] read(byte[] serializedKeyAndNamespace, ReadContext context) throws Exception {
        FlinkKvState<?, ?, ?> reader = idle.poll();
        if (reader == null) {
            reader = copyOfMaster();
        }
        byte[] value = reader.read(serializedKeyAndNamespace, context);
        // One that has failed is not kept: its serializers may have stopped half-way.
        idle.add(reader);
        return value;
    }

    private FlinkKvState<?, ?, ?> copyOfMaster() {
        // Copying a serializer reads it, and may change it.
        synchronized (master) {
            return master.copy();
        }
    }
}
