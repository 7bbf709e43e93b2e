package io.queryablestate.server;

import io.queryablestate.messages.ErrorCode;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads on a fixed number of threads, which are started when they are first needed. Reads wait in a {@link ReadQueue};
 * the executor only ever holds as many tasks as it has threads, and each takes reads until none is left.
 */
final class QueryPool implements ReadPath {

    /** After which a batch lets others go before its next key. */
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final String STOPPED = "the query threads take no more work";

    private final int maxWorkers;
    private final ReadQueue queue;
    private final RegistryContext context;
    private final ThreadPoolExecutor threads;
    private final AtomicInteger workers = new AtomicInteger();
    private final DrainingThread none = new DrainingThread();

    QueryPool(RegistryContext context) {
        KvStateRegistryOptions options = context.options();
        this.context = context;
        maxWorkers = options.queryThreads();
        queue = new ReadQueue(
                context,
                Math.multiplyExact(options.queueLength(), maxWorkers),
                Math.multiplyExact(options.queueBytes(), (long) maxWorkers));
        threads = new ThreadPoolExecutor(
                maxWorkers, maxWorkers, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), options.queryThreadFactory());
    }

    @Override
    public void start(ReadTask read) {
        if (queue.offer(read)) {
            addWorker();
        }
    }

    @Override
    public void stop(RegisteredKvState state, ErrorCode code, String text) {
        queue.failWaitingOf(state, code, text);
    }

    @Override
    public void abort(RegisteredKvState state, ErrorCode code, String text) {
        queue.failRunningOf(state, code, text);
    }

    @Override
    public DrainingThread drainingThread() {
        return none;
    }

    int queuedReads() {
        return queue.size();
    }

    /** Lets the threads end; one that is inside a read ends after it. */
    void shutdown() {
        threads.shutdown();
        queue.failWaiting(ErrorCode.SHUTTING_DOWN, STOPPED);
    }

    private void addWorker() {
        int busy = workers.get();
        while (busy < maxWorkers) {
            if (workers.compareAndSet(busy, busy + 1)) {
                submitWorker();
                return;
            }
            busy = workers.get();
        }
    }

    private void submitWorker() {
        try {
            threads.execute(this::work);
        } catch (Throwable e) {
            // Shut down, or no thread could be made.
            if (!threads.isShutdown()) {
                context.log().warn("Starting a query thread failed", e);
            }
            if (workers.decrementAndGet() == 0) {
                queue.failWaiting(ErrorCode.SHUTTING_DOWN, STOPPED);
            }
        }
    }

    private void work() {
        ReadTask read = queue.take(this::retire);
        while (read != null) {
            read.run(ReadTask.ALL_KEYS, TURN_NANOS);
            queue.ran(read);
            // A read that was interrupted must not make the next one fail.
            Thread.interrupted();
            read = queue.take(this::retire);
        }
    }

    /** Under the queue's lock, so that a read which finds this worker still counted is one that it will see. */
    private void retire() {
        workers.decrementAndGet();
    }
}
