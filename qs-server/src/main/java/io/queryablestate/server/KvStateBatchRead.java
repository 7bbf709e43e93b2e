package io.queryablestate.server;

import io.queryablestate.messages.ErrorCode;
import java.util.List;

/**
 * The reads of several keys of one state, which wait together and are run one after the other, as many at a time as the
 * thread has time for. Each has a lease and an answer of its own.
 */
final class KvStateBatchRead implements ReadTask {

    private final RegistryContext context;
    private final List<KvStateRead> reads;
    private final int bytes;
    /** Belongs to the thread that runs this; handed on with the lock of the queue. */
    private int next;

    /** Of at least one read, all of the same state and with the same deadline and asker. */
    KvStateBatchRead(RegistryContext context, List<KvStateRead> reads) {
        this.context = context;
        this.reads = reads;
        this.bytes = reads.stream().mapToInt(KvStateRead::bytes).sum();
    }

    @Override
    public RegisteredKvState target() {
        return reads.get(0).target();
    }

    @Override
    public long deadlineNanos() {
        return reads.get(0).deadlineNanos();
    }

    @Override
    public int keys() {
        return reads.size();
    }

    @Override
    public int bytes() {
        return bytes;
    }

    @Override
    public boolean isPointless(long now) {
        return reads.get(0).isPointless(now);
    }

    @Override
    public void drop() {
        reads.forEach(KvStateRead::drop);
    }

    @Override
    public void fail(ErrorCode code, String text) {
        reads.forEach(read -> read.fail(code, text));
    }

    @Override
    public int run(int maxKeys, long timeNanos) {
        long start = context.now();
        long now = start;
        int first = next;
        do {
            reads.get(next++).run(now);
            now = context.now();
        } while (!isFinished() && next - first < maxKeys && now - start < timeNanos);
        return next - first;
    }

    @Override
    public boolean isFinished() {
        return next == reads.size();
    }
}
