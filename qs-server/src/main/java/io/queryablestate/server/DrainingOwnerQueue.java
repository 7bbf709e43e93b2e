package io.queryablestate.server;

import io.queryablestate.messages.ErrorCode;
import java.lang.ref.WeakReference;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs reads on their owner's thread in batches, called drains, and takes no more than a share of that thread's time.
 *
 * <pre>
 *   IDLE ──a read came──▶ CLAIMED ──pause over──▶ SUBMITTED ──owner runs it──▶ DRAINING
 *    ▲                                                │ rejected                  │ end of batch
 *    └────────────────────────────────────────────────┴───────────────────────────┘
 * </pre>
 *
 * Only the thread that moves IDLE to CLAIMED goes on to submit, so the owner's executor never holds two drains. An
 * executor that loses the drain, as a closing mailbox does, leaves the phase at SUBMITTED for good; reads then end at
 * their deadline, by the queue's timer. Nothing here throws into the owner's thread.
 */
final class DrainingOwnerQueue implements OwnerQueue, ReadPath {

    /**
     * What a drain takes of its owner beside its own time: leaving its loop, and coming back to colder caches. Measured on a
     * task of Flink that uses a processor to the full, see docs/flink.md.
     */
    static final long NANOS_AROUND_A_DRAIN = 40_000;

    private enum Phase {
        IDLE,
        CLAIMED,
        SUBMITTED,
        DRAINING
    }

    private final RegistryContext context;
    private final Executor owner;
    private final ReadQueue queue;
    private final double pauseFactor;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.IDLE);
    private final DrainingThread drainingThread = new DrainingThread();
    /** Before this the owner's share of time is used up. Written before the phase returns to IDLE. */
    private volatile long nextStart;

    DrainingOwnerQueue(RegistryContext context, Executor owner) {
        KvStateRegistryOptions options = context.options();
        this.context = context;
        this.owner = owner;
        queue = new ReadQueue(context, options.queueLength(), options.queueBytes());
        pauseFactor = 1 / options.ownerShare() - 1;
        nextStart = context.now();
    }

    @Override
    public int queuedReads() {
        return queue.size();
    }

    @Override
    public void start(ReadTask read) {
        if (read.deadlineNanos() - nextStart < 0 && !read.isPointless(context.now())) {
            read.fail(ErrorCode.OVERLOADED, "the share of the owner's time is used up beyond the deadline");
        } else if (queue.offer(read)) {
            wakeUp();
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
        return drainingThread;
    }

    boolean belongsTo(RegistryContext registry) {
        return context.equals(registry);
    }

    private void wakeUp() {
        if (!phase.compareAndSet(Phase.IDLE, Phase.CLAIMED)) {
            return;
        }
        long pause = nextStart - context.now();
        if (pause <= 0) {
            submit();
            return;
        }
        // After a long drain the pause may outlast the job; the timer must not hold on to its owner.
        WeakReference<DrainingOwnerQueue> self = new WeakReference<>(this);
        context.timer().schedule(pause, () -> {
            DrainingOwnerQueue paused = self.get();
            if (paused != null) {
                paused.pauseOver();
            }
        });
    }

    private void pauseOver() {
        if (queue.size() > 0) {
            submit();
        } else {
            becomeIdle();
        }
    }

    private void submit() {
        phase.set(Phase.SUBMITTED);
        try {
            owner.execute(this::drain);
        } catch (Throwable e) {
            rejected(e);
        }
    }

    private void rejected(Throwable error) {
        if (!(error instanceof RejectedExecutionException)) {
            context.log().warn("The executor of a state's owner threw", error);
        }
        // Idle first: a read that comes now submits for itself, one that came before is failed here.
        if (phase.compareAndSet(Phase.SUBMITTED, Phase.IDLE)) {
            queue.failWaiting(ErrorCode.SHUTTING_DOWN, "the owner of the state takes no more work");
        }
    }

    private void drain() {
        if (!phase.compareAndSet(Phase.SUBMITTED, Phase.DRAINING)) {
            return;
        }
        try {
            try {
                runBatch();
            } finally {
                becomeIdle();
            }
        } catch (Throwable e) {
            context.log().warn("Reading on the owner's thread failed", e);
        }
    }

    private void runBatch() {
        long start = context.now();
        long spent = 0;
        drainingThread.enter();
        try {
            int left = context.options().ownerBatchSize();
            long limit = context.options().ownerBatchTime().toNanos();
            while (left > 0 && spent < limit) {
                ReadTask read = queue.take();
                if (read == null) {
                    break;
                }
                left -= read.run(left, limit - spent);
                queue.ran(read);
                spent = context.now() - start;
            }
        } finally {
            drainingThread.exit();
        }
        nextStart = start + spent + (long) ((spent + NANOS_AROUND_A_DRAIN) * pauseFactor);
    }

    private void becomeIdle() {
        phase.set(Phase.IDLE);
        // A read that came before this line saw a busy phase and left the waking to us.
        if (queue.size() > 0) {
            wakeUp();
        }
    }
}
